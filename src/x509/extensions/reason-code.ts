/** CRLReason of a CRL entry (RFC 5280 5.3.1). */
import { type DerFailure, malformed, parseDer, smallInteger, TAG } from '../../asn1/der-reader.js';
import { enumerated } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../model.js';

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

/** Not critical. `unspecified` is expressed by leaving the extension out. */
export function writeReasonCode(reason: Exclude<CrlReason, 'unspecified'>): Extension {
  return { oid: OID.reasonCode, critical: false, value: enumerated(reasonNumber(reason)) };
}

/** Reads `unspecified` too: whether it is allowed is checked by the lint. */
export function readReasonCode(value: Bytes): Result<CrlReason, DerFailure> {
  return parseDer(value, (root) => {
    const number = smallInteger(root, 'cRLReason', TAG.enumerated);
    return reasonOf(number) ?? malformed(root, `cRLReason: no reason ${number}`);
  });
}
