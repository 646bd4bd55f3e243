/** What the confirmation of a certificate says about its key and its use. */
import type { CertificateRecord } from '../ports/store/certificates.js';

/**
 * Whether the requester has proven possession of the private key: before the issuance, or by the
 * confirmation of a certificate that was encrypted to its key (RFC 9810 5.2.8.3.2). Otherwise the
 * key may be anybody's, because public keys are public.
 */
export function isKeyProven({ encrypted, confirmed }: Pick<CertificateRecord, 'encrypted' | 'confirmed'>): boolean {
  return !encrypted || confirmed;
}

/** Whether it was in force at some time, also if it is revoked now. */
export function wasInForce({
  signature,
  becomes,
  confirmed,
}: Pick<CertificateRecord, 'signature' | 'becomes' | 'confirmed'>): boolean {
  return signature !== null && (becomes === 'issued' || confirmed);
}
