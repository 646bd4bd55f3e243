/** Scopes of CRLs as the database and the signers' journals name them, and their parts. */
import type { CrlPartition, CrlScope } from '../../ports/store/crls.js';
import type { CrlPolicy } from '../model.js';

export type CrlKind = 'full' | 'delta';

export function scopeOf(kind: CrlKind, partition: CrlPartition): CrlScope {
  return partition === null ? kind : `${kind}-${partition}`;
}

export function kindOf(scope: CrlScope): CrlKind {
  return scope.startsWith('delta') ? 'delta' : 'full';
}

export function partitionOf(scope: CrlScope): CrlPartition {
  const at = scope.indexOf('-');
  return at < 0 ? null : Number(scope.slice(at + 1));
}

/**
 * The scope of the other kind for the same certificates: a full CRL and its delta share their
 * numbers (RFC 5280 5.2.3).
 */
export function otherKind(scope: CrlScope): CrlScope {
  return scopeOf(kindOf(scope) === 'full' ? 'delta' : 'full', partitionOf(scope));
}

/**
 * The partition of a certificate, by the SHA-256 in hex of its SubjectPublicKeyInfo, where its
 * authority has partitions. Certificates are distributed evenly, and anybody can compute the
 * partition from the certificate.
 */
export function partitionFor(
  { crl }: { readonly crl: Pick<CrlPolicy, 'partitions'> },
  authority: string,
  spkiSha256: string,
): CrlPartition {
  const count = crl.partitions[authority];
  return count === undefined ? null : Number.parseInt(spkiSha256.slice(0, 8), 16) % count;
}

/** null: the text is no scope. */
export function parseScope(text: string): CrlScope | null {
  const parts = /^(full|delta)(?:-(0|[1-9]\d{0,3}))?$/.exec(text);
  if (parts === null) return null;
  return scopeOf(parts[1] as CrlKind, parts[2] === undefined ? null : Number(parts[2]));
}
