/**
 * AuthorityInfoAccess (RFC 5280 4.2.2.1): at most one address of an OCSP responder and one of the
 * issuer's certificate.
 */
import {
  contextTag,
  type DerElement,
  type DerFailure,
  malformed,
  objectIdentifier,
  parseDer,
  ia5Content as readIa5Content,
  sequence,
  sequenceOf,
  TAG,
} from '../../asn1/der-reader.js';
import { contextPrimitive, ia5Content, oid, seq } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import { assert } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../model.js';

/** URIs; at least one is present. */
type AuthorityInfoAccess = {
  readonly ocsp?: string | undefined;
  readonly caIssuers?: string | undefined;
};

/** Not critical; the OCSP responder comes first. */
export function writeAuthorityInfoAccess({ ocsp, caIssuers }: AuthorityInfoAccess): Extension {
  const descriptions = [
    ...(ocsp === undefined ? [] : [encodeDescription(OID.accessOcsp, ocsp)]),
    ...(caIssuers === undefined ? [] : [encodeDescription(OID.accessCaIssuers, caIssuers)]),
  ];
  assert(descriptions.length > 0, 'an address');
  return { oid: OID.authorityInfoAccess, critical: false, value: seq(...descriptions) };
}

function encodeDescription(method: string, uri: string): Bytes {
  return seq(oid(method), contextPrimitive(6, ia5Content(uri)));
}

/** Any other method, or a method twice, is rejected. */
export function readAuthorityInfoAccess(value: Bytes): Result<AuthorityInfoAccess, DerFailure> {
  return parseDer(value, (root) => {
    let found: AuthorityInfoAccess = {};
    for (const member of sequenceOf(root, 'authorityInfoAccess')) {
      const { method, uri } = readDescription(member);
      if (found[method] !== undefined) malformed(member, `authorityInfoAccess: ${method} twice`);
      found = { ...found, [method]: uri };
    }
    return found.ocsp === undefined && found.caIssuers === undefined
      ? malformed(root, 'authorityInfoAccess: empty')
      : found;
  });
}

function readDescription(element: DerElement): { readonly method: keyof AuthorityInfoAccess; readonly uri: string } {
  const fields = sequence(element, 'accessDescription');
  const member = fields.next(TAG.oid, 'accessMethod');
  const method = objectIdentifier(member, 'accessMethod');
  const uri = readIa5Content(fields.next(contextTag(6, 'primitive'), 'accessLocation'), 'accessLocation');
  fields.end();
  if (method === OID.accessOcsp) return { method: 'ocsp', uri };
  if (method === OID.accessCaIssuers) return { method: 'caIssuers', uri };
  return malformed(member, `accessMethod: ${method} is neither of OCSP nor of the issuer's certificate`);
}
