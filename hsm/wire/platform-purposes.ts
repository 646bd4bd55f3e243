/**
 * What the platform key signs. The bytes of each purpose have a form that no certificate, CRL or
 * OCSP response has, so that a signature for one purpose can never pass for another.
 */
import { type Bytes, concat, utf8 } from '../../src/kernel/bytes.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import type { Refusal } from './answers.js';

const PLATFORM_PURPOSES = ['checkpoint', 'receipt', 'cmp'] as const;
export type PlatformPurpose = (typeof PLATFORM_PURPOSES)[number];

/**
 * The prefix of the signed bytes. No DER structure begins with `P`. Verifiers prepend the same
 * bytes.
 */
export function platformContext(purpose: 'checkpoint' | 'receipt'): Bytes {
  return utf8(`PFCNG ${purpose} v1\0`);
}

/** The bytes to hash for `body`. */
export const PLATFORM_FORMS: Readonly<Record<PlatformPurpose, (body: Bytes) => Result<Bytes, Refusal>>> = {
  checkpoint: (body) => ok(concat([platformContext('checkpoint'), body])),
  receipt: (body) => ok(concat([platformContext('receipt'), body])),
  // CMP clients verify the signature over ProtectedPart itself (RFC 9810 5.1.3), so that no prefix
  // is possible. Its content begins with a PKIHeader, which is a SEQUENCE that begins with the
  // INTEGER pvno. The other structures begin differently: a TBSCertificate v3 with [0], a
  // TBSCertificate v1 and a TBSCertList v2 with an INTEGER, a TBSCertList v1 with a SEQUENCE that
  // begins with an OBJECT IDENTIFIER, and a ResponseData with [0], [1] or [2].
  cmp: (body) =>
    beginsLikeProtectedPart(body)
      ? ok(body)
      : err({ rule: 'platform-cmp-form', detail: 'the bytes do not begin like a ProtectedPart' }),
};

export function isPlatformPurpose(value: unknown): value is PlatformPurpose {
  return (PLATFORM_PURPOSES as readonly unknown[]).includes(value);
}

function beginsLikeProtectedPart(body: Bytes): boolean {
  const outer = contentOfSequence(body, 0);
  if (outer === null) return false;
  const header = contentOfSequence(body, outer);
  if (header === null) return false;
  // pvno is cmp2000 (2) or cmp2021 (3).
  return body[header] === 0x02 && body[header + 1] === 0x01 && (body[header + 2] === 2 || body[header + 2] === 3);
}

/** The offset of the content of the SEQUENCE at `at`; null: there is no SEQUENCE. */
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
