/** BasicConstraints (RFC 5280 4.2.1.9). */
import { boolean, type DerFailure, malformed, parseDer, sequence, smallInteger, TAG } from '../../asn1/der-reader.js';
import { bool, integer, seq } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../model.js';

export type BasicConstraints =
  | { readonly ca: false }
  /** `pathLen` is the number of CA certificates that may follow below this one; null: no limit. */
  | { readonly ca: true; readonly pathLen: number | null };

/**
 * Critical for a CA. For an end entity it is the empty SEQUENCE (cA FALSE is the default) and not
 * critical, as in the certificates of today's platform.
 */
export function writeBasicConstraints(constraints: BasicConstraints): Extension {
  const oid = OID.basicConstraints;
  if (!constraints.ca) return { oid, critical: false, value: seq() };
  const { pathLen } = constraints;
  return { oid, critical: true, value: pathLen === null ? seq(bool(true)) : seq(bool(true), integer(pathLen)) };
}

export function readBasicConstraints(value: Bytes): Result<BasicConstraints, DerFailure> {
  return parseDer(value, (root) => {
    const fields = sequence(root, 'basicConstraints');
    const flag = fields.optional(TAG.boolean);
    if (flag !== null && !boolean(flag, 'cA')) malformed(flag, 'cA: DEFAULT FALSE is not written (X.690 11.5)');
    const limit = fields.optional(TAG.integer);
    if (limit !== null && flag === null) malformed(limit, 'pathLenConstraint: only with cA');
    fields.end();
    return flag === null
      ? { ca: false }
      : { ca: true, pathLen: limit === null ? null : smallInteger(limit, 'pathLen') };
  });
}
