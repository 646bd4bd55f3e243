import type { Bytes } from '../kernel/bytes.js';

declare const provenKey: unique symbol;

/**
 * A public key whose requester has proven possession of the private key (RFC 4211 section 4). Only
 * the verifiers of this folder make one, so that no way of issuing can forget the proof.
 */
export type ProvenKey = {
  readonly [provenKey]: true;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes;
};

/**
 * The key of a responder of ours: the ceremony that approved it has verified its proof, and its CA
 * certifies it again.
 */
export function keyApprovedByCeremony(spki: Bytes): ProvenKey {
  return { spki } as ProvenKey;
}

/** For the verifiers of `src/x509` alone, after the signature has verified. */
export function keyProvenBySignature(spki: Bytes): ProvenKey {
  return { spki } as ProvenKey;
}
