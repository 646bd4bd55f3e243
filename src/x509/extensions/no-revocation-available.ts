/** id-ce-noRevAvail (RFC 9608): whoever issued this certificate tells nobody of its revocation, by a list or by OCSP. */
import { type DerFailure, parseDer, nullValue as readNull } from '../../asn1/der-reader.js';
import { nullValue } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../model.js';

/** Never critical (RFC 9608 2), and in no certificate of an authority. */
export function writeNoRevocationAvailable(): Extension {
  return { oid: OID.noRevocationAvailable, critical: false, value: nullValue() };
}

/** Its presence is all that it says. */
export function readNoRevocationAvailable(value: Bytes): Result<null, DerFailure> {
  return parseDer(value, (root) => {
    readNull(root, 'noRevAvail');
    return null;
  });
}
