/**
 * Which of the responders of an authority answers: that of the first algorithm that the client prefers and one of them has
 * (RFC 6960 4.4.7.2, 1); to who prefers none of theirs, or says nothing, the one that policy names first (the same, 4).
 */
import { parseDer } from '../asn1/der-reader.js';
import { OID } from '../asn1/oids.js';
import { type Bytes, equalBytes } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import { readPublicKeyParts } from '../x509/keys/public-key.js';
import { type DelegatedResponder, type OcspAuthority, respondersOf } from './responder.js';

/** PreferredSignatureAlgorithm (RFC 6960 4.4.7.1). */
export type PreferredAlgorithm = {
  /** Dotted object identifier of `sigIdentifier`; parameters say nothing of algorithms that responders here have. */
  readonly signature: string;
  /** `pubKeyAlgIdentifier`, which narrows the curve; null: any key. */
  readonly key: { readonly algorithm: string; readonly parameters: Bytes | null } | null;
};

/** null: the authority has no responder. One whose certificate is over, or not valid yet, answers where no other is. */
export function chooseResponder(
  authority: OcspAuthority,
  preferred: readonly PreferredAlgorithm[],
  now: Instant,
): DelegatedResponder | null {
  if (authority.others === undefined || authority.others.length === 0) return authority.responder;
  const valid = respondersOf(authority).filter(({ notBefore, notAfter }) => notBefore <= now && now < notAfter);
  for (const one of preferred) {
    const found = valid.find((responder) => isPreferred(responder, one));
    if (found !== undefined) return found;
  }
  return valid[0] ?? authority.responder;
}

function isPreferred(
  { signatureAlgorithm, spki }: DelegatedResponder,
  { signature, key }: PreferredAlgorithm,
): boolean {
  if (OID[signatureAlgorithm] !== signature) return false;
  if (key === null) return true;
  const parts = parseDer(spki, readPublicKeyParts);
  if (!parts.ok || parts.value.algorithm !== key.algorithm) return false;
  const { parameters } = parts.value;
  return key.parameters === null || (parameters !== null && equalBytes(parameters.whole, key.parameters));
}
