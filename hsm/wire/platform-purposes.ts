/**
 * What the platform key signs, by purpose. The reader of a purpose accepts exactly the bytes that
 * the purpose needs, so that a stolen service can have nothing else signed. Whoever adds a purpose
 * adds its reader here. No two readers accept the same bytes: a text of a benchmark and a receipt
 * begin with their names, and a signature base begins with `"`.
 */
import { type Bytes, equalBytes, latin1, utf8 } from '../../src/kernel/bytes.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import { readReceiptOctets } from '../../src/orders/receipt.js';
import type { PlatformPurpose } from '../../src/ports/signer.js';
import type { Refusal } from './answers.js';

/** `pfcng hsm bench` has this text signed to measure a signer. No DER structure begins with `P`. */
export const BENCH_TEXT: Bytes = utf8('PFCNG bench v1: this signature states nothing');

const SIGNATURE_BASE_BYTES_MAX = 8 * 1024;
/**
 * The signature base (RFC 9421 section 2.5) of a webhook: these components and parameters, in this
 * order. `created` must equal the timestamp of the webhook.
 */
const SIGNATURE_BASE = new RegExp(
  [
    '^"@method": POST',
    '"@target-uri": https?://[!-~]+',
    '"content-type": application/json',
    '"content-digest": sha-256=:[A-Za-z0-9+/]{43}=:',
    '"webhook-id": [A-Za-z0-9._-]{1,64}',
    '"webhook-timestamp": (?<at>[1-9][0-9]{0,11})',
    '"@signature-params": \\("@method" "@target-uri" "content-type" "content-digest" "webhook-id" "webhook-timestamp"\\)' +
      ';created=\\k<at>;keyid="[0-9a-f]{64}";alg="ecdsa-p256-sha256";tag="pfcng-webhook"$',
  ].join('\n'),
);

/** Checks that the body may be signed as it is. The error is the refusal. */
type PurposeReader = (body: Bytes) => Result<void, Refusal>;

const PLATFORM_PURPOSES = {
  bench: (body) =>
    equalBytes(body, BENCH_TEXT)
      ? ok(undefined)
      : err({ rule: 'platform-bench-text', detail: 'the bytes are not the text of a benchmark' }),
  receipt: (body) => {
    const read = readReceiptOctets(body);
    return read.ok ? ok(undefined) : err({ rule: 'platform-receipt', detail: read.error });
  },
  webhook: (body) =>
    body.length <= SIGNATURE_BASE_BYTES_MAX && SIGNATURE_BASE.test(latin1(body))
      ? ok(undefined)
      : err({ rule: 'platform-webhook', detail: 'the bytes are not the signature base of a webhook' }),
} as const satisfies Readonly<Record<PlatformPurpose | 'bench', PurposeReader>>;

type SignedPurpose = keyof typeof PLATFORM_PURPOSES;

export function isPlatformPurpose(value: unknown): value is SignedPurpose {
  return typeof value === 'string' && Object.hasOwn(PLATFORM_PURPOSES, value);
}

export function readPlatformBody(purpose: SignedPurpose, body: Bytes): Result<void, Refusal> {
  return PLATFORM_PURPOSES[purpose](body);
}

/**
 * Returns the offset of the content of the SEQUENCE at `at`; null: no SEQUENCE begins there, or its
 * length is indefinite or has more than four octets.
 */
function contentOfSequence(bytes: Bytes, at: number): number | null {
  const length = bytes[at + 1];
  if (bytes[at] !== 0x30 || length === undefined || length === 0x80 || length > 0x84) return null;
  return at + 2 + (length > 0x80 ? length - 0x80 : 0);
}

/**
 * Whether the bytes are exactly one DER SEQUENCE with a length in its shortest form, as every
 * to-be-signed structure is.
 */
export function isOneDerSequence(bytes: Bytes): boolean {
  const content = contentOfSequence(bytes, 0);
  if (content === null) return false;
  if (content === 2) return bytes.length === 2 + (bytes[1] ?? 0);
  let length = 0;
  for (const octet of bytes.subarray(2, content)) length = length * 256 + octet;
  const minimal = (bytes[2] ?? 0) !== 0 && length >= 128;
  return minimal && bytes.length === content + length;
}
