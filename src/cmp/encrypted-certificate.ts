/**
 * encrCert (RFC 9810 5.2.8.3.2): a certificate is sent encrypted to the key that it certifies. A
 * client that sends its hash has the private key.
 */
import type { Bytes } from '../kernel/bytes.js';
import { encryptEnvelopeToKey, encryptValueToKey } from '../x509/encryption-to-key.js';
import type { CertOrEncCert } from './model.js';

/**
 * `spki`: the key of the certificate. EncryptedValue is for clients of pvno 2, which know no other
 * form (RFC 9810 section 7). null: a key that cannot encrypt.
 */
export function encryptCertificate(
  certificate: Bytes,
  { pvno, spki, random }: { readonly pvno: number; readonly spki: Bytes; readonly random: (length: number) => Bytes },
): CertOrEncCert | null {
  const kind = pvno < 3 ? 'encryptedValue' : 'envelopedData';
  const encrypt = kind === 'encryptedValue' ? encryptValueToKey : encryptEnvelopeToKey;
  const der = encrypt(certificate, { spki, random });
  return der === null ? null : { kind, der };
}
