/**
 * Chooses which responder of a CA signs the answer. If the client sends a list of preferred
 * algorithms, they are tried in this order, and the first valid responder with such an algorithm is
 * chosen (RFC 6960 4.4.7.2.1, item 1). If there is none, or the client sends no list, the first
 * valid responder of the CA is chosen (item 4).
 */
import { parseDer } from '../asn1/der-reader.js';
import { OID } from '../asn1/oids.js';
import { type Bytes, equalBytes } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import { readPublicKeyParts } from '../x509/keys/public-key.js';
import { type DelegatedResponder, type OcspAuthority, respondersOf } from './responder.js';

/** PreferredSignatureAlgorithm (RFC 6960 4.4.7.1). */
export type PreferredAlgorithm = {
  /**
   * Object identifier of `sigIdentifier`, dotted. Its parameters are not compared, because those of
   * our responders' algorithms are always absent or NULL.
   */
  readonly signature: string;
  /** `pubKeyAlgIdentifier`, which can require a curve; null: any key. */
  readonly key: { readonly algorithm: string; readonly parameters: Bytes | null } | null;
};

/**
 * Returns the responder that signs; null: the CA has none. If the certificate of every responder is
 * expired or not yet valid, the default responder is chosen.
 */
export function chooseResponder(
  authority: OcspAuthority,
  preferred: readonly PreferredAlgorithm[],
  now: Instant,
): DelegatedResponder | null {
  if (authority.others === undefined || authority.others.length === 0) return authority.responder;
  const valid = respondersOf(authority).filter(({ notBefore, notAfter }) => notBefore <= now && now < notAfter);
  for (const one of preferred) {
    const found = valid.find((responder) => matchesPreference(responder, one));
    if (found !== undefined) return found;
  }
  return valid[0] ?? authority.responder;
}

function matchesPreference(
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
