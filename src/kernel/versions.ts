/** Versions of applets: numbers with dots between them, as in `1.10.2`. */

/** Whether `version` is before `other`; a part that is missing is 0, and one without digits too. */
export function isBelowVersion(version: string, other: string): boolean {
  const [one, two] = [partsOf(version), partsOf(other)];
  for (let at = 0; at < Math.max(one.length, two.length); at += 1) {
    const difference = (one[at] ?? 0) - (two[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function partsOf(version: string): readonly number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10) || 0);
}
