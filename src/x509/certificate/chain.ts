/** Certificates together in one file. */
import { Certificate, ContentInfo, EncapsulatedContentInfo, SignedData } from 'pkijs';
import { OID } from '../../asn1/oids.js';
import { assert } from '../../kernel/assert.js';
import { type Bytes, compareBytes } from '../../kernel/bytes.js';

/**
 * A CMS SignedData without content and signers that carries certificates (RFC 5652 section 5, RFC 8551 3.2.2): `.p7b`.
 * CertificateSet is a SET OF, so they come in the order of their encodings, whatever their order here.
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
