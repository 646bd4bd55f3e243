/** Reads the certificates of a stored result, which `result-line.ts` has written. */
import type { IssuerId } from '../ports/signer.js';
import type { SettledLine } from '../ports/store/orders.js';

export type ResultCertificate = {
  readonly id: string;
  readonly issuer: IssuerId;
  readonly profile: string;
  /** SHA-256 of the DER, in lower-case hex. */
  readonly sha256: string;
};

/** Empty for a line without certificates: refused, not issued, cancelled, or of a dry run. */
export function certificatesOfResult({ outcome, result }: SettledLine): readonly ResultCertificate[] {
  if (outcome !== 'issued' && outcome !== 'duplicate') return [];
  const { certificates } = JSON.parse(result) as { readonly certificates: readonly ResultCertificate[] };
  return certificates.map(({ id, issuer, profile, sha256 }) => ({ id, issuer, profile, sha256 }));
}
