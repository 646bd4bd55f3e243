/**
 * PKCS#10 for the renewal of a certificate: its subject and its subjectAltName, unchanged, with a
 * new key (RFC 7030 4.2.2). The key is held by the caller, who signs.
 */
import { bitString, contextConstructed, integer, nullValue, oid, seq, setOf } from '../../asn1/der-writer.js';
import { OID, type OidName } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import { extensionOf } from '../certificate/certificate-reader.js';
import { encodeExtensions } from '../certificate/extension-writer.js';
import type { TbsView } from '../model.js';

export type RenewalSignature = {
  readonly name: Extract<
    OidName,
    'sha256WithRsaEncryption' | 'ecdsaWithSha256' | 'ecdsaWithSha384' | 'ecdsaWithSha512' | 'ed25519'
  >;
  readonly signature: Bytes;
};

/** CertificationRequestInfo, DER: the octets to be signed. `spki`: SubjectPublicKeyInfo, DER. */
export function renewalRequestInfo(certificate: Pick<TbsView, 'subjectDer' | 'extensions'>, spki: Bytes): Bytes {
  const names = extensionOf(certificate, OID.subjectAltName);
  const attributes = names === null ? [] : [seq(oid(OID.extensionRequest), setOf([encodeExtensions([names])]))];
  return seq(integer(0), certificate.subjectDer, spki, contextConstructed(0, ...attributes));
}

/** The whole request, DER. */
export function assembleRenewalRequest(info: Bytes, { name, signature }: RenewalSignature): Bytes {
  const algorithm = oid(OID[name]);
  // RFC 4055 5 requires NULL with RSA; RFC 5758 3.2 and RFC 8410 3 forbid it with the others.
  const identifier = name === 'sha256WithRsaEncryption' ? seq(algorithm, nullValue()) : seq(algorithm);
  return seq(info, identifier, bitString(signature));
}
