/**
 * InvalidityDate of a CRL entry (RFC 5280 5.3.2): the date since which the key is suspected. It may
 * precede the revocation.
 */
import { type DerFailure, parseDer, generalizedTime as readTime } from '../../asn1/der-reader.js';
import { generalizedTime } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../model.js';

/** Not critical; always GeneralizedTime, whole seconds. */
export function writeInvalidityDate(at: Instant): Extension {
  return { oid: OID.invalidityDate, critical: false, value: generalizedTime(at) };
}

export function readInvalidityDate(value: Bytes): Result<Instant, DerFailure> {
  return parseDer(value, (root) => readTime(root, 'invalidityDate'));
}
