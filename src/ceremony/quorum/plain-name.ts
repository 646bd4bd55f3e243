/** So that an accent, a capital or a blank makes nobody two people. */
export function plainName(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').replace(/\s+/gu, ' ').trim().toLowerCase();
}
