/** What the platform key signs besides certificates: each purpose has a form that no certificate, CRL or OCSP answer has. */
import { type Bytes, concat, utf8 } from '../../src/kernel/bytes.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import type { Refusal } from '../signer/check-port.js';

export const PLATFORM_PURPOSES = ['checkpoint', 'receipt', 'cmp'] as const;
export type PlatformPurpose = (typeof PLATFORM_PURPOSES)[number];

/** Prefix of what is signed: no DER begins with `P`, so none can be read into it. Verifiers prepend the same octets. */
export function platformContext(purpose: 'checkpoint' | 'receipt'): Bytes {
  return utf8(`PFCNG ${purpose} v1\0`);
}

/** The octets to hash for `body`. */
export const PLATFORM_FORMS: Readonly<Record<PlatformPurpose, (body: Bytes) => Result<Bytes, Refusal>>> = {
  checkpoint: (body) => ok(concat([platformContext('checkpoint'), body])),
  receipt: (body) => ok(concat([platformContext('receipt'), body])),
  // CMP clients verify over ProtectedPart as it is (RFC 9810 5.1.3), so nothing can be put before it. It begins with a PKIHeader,
  // a SEQUENCE that begins with INTEGER pvno; a TBSCertificate v3 begins with [0], one of v1 and a TBSCertList v2 with an INTEGER,
  // a TBSCertList v1 with a SEQUENCE that begins with an OBJECT IDENTIFIER, a ResponseData with [0], [1] or [2].
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

/** Where the content of the SEQUENCE at `at` begins, or null. */
function contentOfSequence(bytes: Bytes, at: number): number | null {
  const length = bytes[at + 1];
  if (bytes[at] !== 0x30 || length === undefined || length === 0x80 || length > 0x84) return null;
  return at + 2 + (length > 0x80 ? length - 0x80 : 0);
}

/** Whether the bytes are one whole SEQUENCE, minimal length and nothing after: what every to-be-signed structure is. */
export function isWholeSequence(bytes: Bytes): boolean {
  const content = contentOfSequence(bytes, 0);
  if (content === null) return false;
  if (content === 2) return bytes.length === 2 + (bytes[1] ?? 0);
  let length = 0;
  for (const octet of bytes.subarray(2, content)) length = length * 256 + octet;
  const minimal = (bytes[2] ?? 0) !== 0 && length >= 128;
  return minimal && bytes.length === content + length;
}
