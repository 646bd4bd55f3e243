import type { Bytes } from '../kernel/bytes.js';

declare const provenKey: unique symbol;

/**
 * A public key whose requester has proven possession of the private key (RFC 4211 section 4). Only
 * the functions of this file make one, so that no way of issuing can forget the proof.
 */
export type ProvenKey = {
  readonly [provenKey]: true;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes;
  /**
   * The proof is the confirmation of the certificate, which is sent encrypted to the key (RFC 9810
   * 5.2.8.3.2). Left out: possession was proven already.
   */
  readonly provenBy?: 'confirmation';
};

/**
 * The key of a responder of ours: the ceremony that approved it has verified its proof, and its CA
 * certifies it again.
 */
export function keyApprovedByCeremony(spki: Bytes): ProvenKey {
  return { spki } as ProvenKey;
}

/**
 * A key that cannot sign. Only a certificate that becomes `pending` may be made for it
 * (`src/operations/issuance/prepare-intent.ts`).
 */
export function keyProvenByConfirmation(spki: Bytes): ProvenKey {
  return { spki, provenBy: 'confirmation' } as ProvenKey;
}

/** For the verifiers of `src/x509` alone, after the signature has verified. */
export function keyProvenBySignature(spki: Bytes): ProvenKey {
  return { spki } as ProvenKey;
}
