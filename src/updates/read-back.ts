/**
 * Compares the certificates that a card has, as it states them after writing, with those that it
 * should have. Each certificate is named by the SHA-256 of its DER, in lower-case hex.
 */
export type ReadBack =
  /** The card has all new certificates. */
  | { readonly kind: 'all' }
  /** The card has none of them. */
  | { readonly kind: 'none' }
  /** Writing was interrupted: these new ones are missing. */
  | { readonly kind: 'partial'; readonly missing: readonly string[] }
  /** The card has certificates that this platform has never made for it. */
  | { readonly kind: 'unknown'; readonly certificates: readonly string[] };

type KnownOnCard = {
  /** The new certificates of the update; never empty. */
  readonly fresh: readonly string[];
  /** All other certificates that were ever made for the card. */
  readonly earlier: readonly string[];
};

/**
 * An unknown certificate comes before everything else: the card then goes to a desk. A card may
 * keep earlier certificates, and it does not matter how often it states one, or in which order.
 */
export function compareReadBack(onCard: readonly string[], { fresh, earlier }: KnownOnCard): ReadBack {
  const found = new Set(onCard);
  const known = new Set([...fresh, ...earlier]);
  const certificates = [...found].filter((one) => !known.has(one));
  if (certificates.length > 0) return { kind: 'unknown', certificates };
  const missing = fresh.filter((one) => !found.has(one));
  if (missing.length === 0) return { kind: 'all' };
  return missing.length === fresh.length ? { kind: 'none' } : { kind: 'partial', missing };
}
