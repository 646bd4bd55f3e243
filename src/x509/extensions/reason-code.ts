/** CRLReason of a CRL entry (RFC 5280 5.3.1). */
import { type DerFailure, malformed, parseDer, smallInteger, TAG } from '../../asn1/der-reader.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';

/** The index is the code; 7 is not used. */
const CODES = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  null,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
] as const;
export type CrlReason = Exclude<(typeof CODES)[number], null>;

/** The number of a CRLReason, for CRL entries and for OCSP's revocationReason. */
export function reasonNumber(reason: CrlReason): number {
  return CODES.indexOf(reason);
}

/** null for a number that names no reason. */
export function reasonOf(number: number): CrlReason | null {
  return CODES[number] ?? null;
}

/** Reads `unspecified` too: whether it is allowed is checked by the lint. */
export function readReasonCode(value: Bytes): Result<CrlReason, DerFailure> {
  return parseDer(value, (root) => {
    const number = smallInteger(root, 'cRLReason', TAG.enumerated);
    return reasonOf(number) ?? malformed(root, `cRLReason: no reason ${number}`);
  });
}
