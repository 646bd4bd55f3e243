/** AuthorityKeyIdentifier (RFC 5280 4.2.1.1), with keyIdentifier alone. */
import { contextTag, type DerFailure, malformed, parseDer, sequence } from '../../asn1/der-reader.js';
import { contextPrimitive, seq } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../model.js';

/** Not critical. */
export function writeAuthorityKeyIdentifier(keyIdentifier: Bytes): Extension {
  return { oid: OID.authorityKeyIdentifier, critical: false, value: seq(contextPrimitive(0, keyIdentifier)) };
}

/** Returns the keyIdentifier; a value that also has issuer and serial number is rejected. */
export function readAuthorityKeyIdentifier(value: Bytes): Result<Bytes, DerFailure> {
  return parseDer(value, (root) => {
    const fields = sequence(root, 'authorityKeyIdentifier');
    const member = fields.next(contextTag(0, 'primitive'), 'keyIdentifier');
    fields.end();
    return member.content.length > 0 ? member.content : malformed(member, 'keyIdentifier: empty');
  });
}
