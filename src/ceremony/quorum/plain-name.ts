/**
 * Removes accents, capitals and repeated spaces from a name, so that one person is not counted as
 * two.
 */
export function plainName(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').replace(/\s+/gu, ' ').trim().toLowerCase();
}
