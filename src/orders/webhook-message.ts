/**
 * The signature of a request to an endpoint: HTTP Message Signatures (RFC 9421) with ECDSA on
 * P-256 over exactly these components. `hsm/wire/platform-purposes.ts` has the form that the
 * signer accepts.
 */
import { type DerElement, type DerFailure, integerOctets, malformed, parseDer, sequence } from '../asn1/der-reader.js';
import { type Bytes, concat, toBase64, utf8 } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import { sha256 } from '../kernel/digest.js';
import { SECOND_MS } from '../kernel/duration.js';
import type { Result } from '../kernel/result.js';

type WebhookMessage = {
  /** Absolute, as `new URL(...)` writes it (RFC 9421 2.2.2). */
  readonly targetUri: string;
  /** The UUID of the event. */
  readonly id: string;
  readonly body: string;
  readonly at: Instant;
  /** Id of the platform key, as in `GET /v1/keys`. */
  readonly keyId: string;
};

type UnsignedWebhook = {
  /** What is signed: the signature base (RFC 9421 2.5). */
  readonly base: Bytes;
  /** The header fields that it covers, and its parameters. */
  readonly headers: Readonly<Record<string, string>>;
};

/** The label of the only signature of a message (RFC 9421 4). */
const LABEL = 'pfcng';

export function webhookMessage({ targetUri, id, body, at, keyId }: WebhookMessage): UnsignedWebhook {
  const timestamp = String(Math.floor(at / SECOND_MS));
  const fields = {
    'content-type': 'application/json',
    'content-digest': `sha-256=:${toBase64(sha256(utf8(body)))}:`,
    'webhook-id': id,
    'webhook-timestamp': timestamp,
  };
  const components = { '@method': 'POST', '@target-uri': targetUri, ...fields };
  const names = Object.keys(components).map((name) => `"${name}"`);
  const params = `(${names.join(' ')});created=${timestamp};keyid="${keyId}";alg="ecdsa-p256-sha256";tag="pfcng-webhook"`;
  const lines = Object.entries(components).map(([name, value]) => `"${name}": ${value}`);
  const base = [...lines, `"@signature-params": ${params}`].join('\n');
  return { base: utf8(base), headers: { ...fields, 'signature-input': `${LABEL}=${params}` } };
}

/** The header fields of the signed message. `signature`: r and s in 64 octets. */
export function signedHeaders({ headers }: UnsignedWebhook, signature: Bytes): Readonly<Record<string, string>> {
  return { ...headers, signature: `${LABEL}=:${toBase64(signature)}:` };
}

const INTEGER_OCTETS = 32;

/**
 * Converts an ECDSA-Sig-Value on P-256 (RFC 3279 2.2.3), as signers make it, to r and s of 32
 * octets each (RFC 9421 3.3.4).
 */
export function rawEcdsaSignature(der: Bytes): Result<Bytes, DerFailure> {
  return parseDer(der, (root) => {
    const fields = sequence(root, 'ECDSA-Sig-Value');
    const [r, s] = [fixedInteger(fields.any('r'), 'r'), fixedInteger(fields.any('s'), 's')];
    fields.end();
    return concat([r, s]);
  });
}

function fixedInteger(element: DerElement, what: string): Bytes {
  const octets = integerOctets(element, what);
  const isNegative = ((octets[0] ?? 0) & 0x80) !== 0;
  const digits = octets[0] === 0 ? octets.subarray(1) : octets;
  if (isNegative || digits.length > INTEGER_OCTETS) malformed(element, `${what}: not a number of 256 bits`);
  const padded = new Uint8Array(INTEGER_OCTETS);
  padded.set(digits, INTEGER_OCTETS - digits.length);
  return padded;
}
