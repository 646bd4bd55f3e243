/** SubjectKeyIdentifier (RFC 5280 4.2.1.2). */
import { type DerFailure, malformed, parseDer, octetString as readOctetString } from '../../asn1/der-reader.js';
import { octetString } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../model.js';

/** Not critical. */
export function writeSubjectKeyIdentifier(keyIdentifier: Bytes): Extension {
  return { oid: OID.subjectKeyIdentifier, critical: false, value: octetString(keyIdentifier) };
}

export function readSubjectKeyIdentifier(value: Bytes): Result<Bytes, DerFailure> {
  return parseDer(value, (root) => {
    const identifier = readOctetString(root, 'subjectKeyIdentifier');
    return identifier.length > 0 ? identifier : malformed(root, 'subjectKeyIdentifier: empty');
  });
}
