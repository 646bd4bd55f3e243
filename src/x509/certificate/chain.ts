/** Several certificates in one file. */
import { Certificate, ContentInfo, EncapsulatedContentInfo, SignedData } from 'pkijs';
import { OID } from '../../asn1/oids.js';
import { assert } from '../../kernel/assert.js';
import { type Bytes, compareBytes } from '../../kernel/bytes.js';

/**
 * A CMS SignedData without content and signers that carries certificates (RFC 5652 section 5, RFC
 * 8551 3.2.2): a `.p7b` file. CertificateSet is a SET OF, so that the certificates are in the order
 * of their encodings.
 */
export function certsOnlyMessage(certificates: readonly Bytes[]): Bytes {
  assert(certificates.length > 0, 'a certificate');
  const signed = new SignedData({
    version: 1,
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: OID.cmsData }),
    certificates: [...certificates].sort(compareBytes).map((der) => Certificate.fromBER(new Uint8Array(der))),
  });
  const message = new ContentInfo({ contentType: OID.cmsSignedData, content: signed.toSchema(true) });
  return new Uint8Array(message.toSchema().toBER());
}
