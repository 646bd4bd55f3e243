import {
  boolean,
  type DerElement,
  malformed,
  objectIdentifier,
  octetString,
  sequence,
  sequenceOf,
  TAG,
} from '../../asn1/der-reader.js';
import type { Extension } from '../model.js';

/**
 * Reads Extensions (RFC 5280 4.1 and 4.2) of certificates, CRLs, CRL entries and OCSP messages, in
 * the order of the DER: at least one, no object identifier twice. For use inside `parseDer`.
 */
export function readExtensions(element: DerElement, what: string): readonly Extension[] {
  const members = sequenceOf(element, what);
  if (members.length === 0) malformed(element, `${what}: empty`);
  const known = new Set<string>();
  return members.map((member) => {
    const extension = readExtension(member, 'strict');
    if (known.has(extension.oid)) malformed(member, `${what}: ${extension.oid} twice`);
    known.add(extension.oid);
    return extension;
  });
}

/**
 * `lenient`: `critical` FALSE may be written, as common libraries do in requests, though it is the
 * default.
 */
export function readExtension(element: DerElement, reading: 'strict' | 'lenient'): Extension {
  const fields = sequence(element, 'extension');
  const oid = objectIdentifier(fields.next(TAG.oid, 'extnID'), 'extnID');
  const flag = fields.optional(TAG.boolean);
  const critical = flag !== null && boolean(flag, 'critical');
  if (reading === 'strict' && flag !== null && !critical)
    malformed(flag, 'critical: DEFAULT FALSE is not written (X.690 11.5)');
  const value = octetString(fields.next(TAG.octetString, 'extnValue'), 'extnValue');
  fields.end();
  return { oid, critical, value };
}
