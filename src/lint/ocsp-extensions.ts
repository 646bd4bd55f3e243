/** responseExtensions of an OCSP answer (RFC 6960 4.4): nonce and extendedRevoke, once each, not critical. */
import { type DerElement, explicit, nullValue, octetString, parseDer } from '../asn1/der-reader.js';
import { OID } from '../asn1/oids.js';
import { readExtensions } from '../x509/extension-reader.js';
import type { Extension } from '../x509/model.js';
import { found } from './ocsp-found.js';

const NONCE_OCTETS_MAX = 128;

/** `tagged` is `[1]` of the ResponseData; null when it is absent. */
export function readAnswerExtensions(tagged: DerElement | null): { readonly extendedRevoke: boolean } {
  if (tagged === null) return { extendedRevoke: false };
  const extensions = readExtensions(explicit(tagged, 'responseExtensions'), 'responseExtensions');
  for (const extension of extensions) checkExtension(extension);
  return { extendedRevoke: extensions.some(({ oid }) => oid === OID.ocspExtendedRevoke) };
}

function checkExtension({ oid, critical, value }: Extension): void {
  if (critical) found('e_ocsp_no_unknown_extension', `${oid} is critical`);
  switch (oid) {
    case OID.ocspNonce: {
      const nonce = parseDer(value, (root) => octetString(root, 'nonce').length);
      if (!nonce.ok) found('e_ocsp_nonce_1_to_128_octets', nonce.error.rule);
      if (nonce.value < 1 || nonce.value > NONCE_OCTETS_MAX)
        found('e_ocsp_nonce_1_to_128_octets', `${nonce.value} octets`);
      return;
    }
    case OID.ocspExtendedRevoke: {
      const empty = parseDer(value, (root) => nullValue(root, 'extendedRevoke'));
      if (!empty.ok) found('e_ocsp_der_is_strict', empty.error.rule);
      return;
    }
    default:
      found('e_ocsp_no_unknown_extension', oid);
  }
}
