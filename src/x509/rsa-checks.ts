/** Arithmetic over an RSA modulus that tells weak ones. All of it together costs well under a millisecond. */

const SMALL_PRIME_BELOW = 4_096;

function primesBelow(limit: number): readonly number[] {
  const composite = new Uint8Array(limit);
  const primes: number[] = [];
  for (let candidate = 2; candidate < limit; candidate += 1) {
    if (composite[candidate] === 1) continue;
    primes.push(candidate);
    for (let multiple = candidate * candidate; multiple < limit; multiple += candidate) composite[multiple] = 1;
  }
  return primes;
}

/** Primes in groups whose products fit a number, so that one division of the modulus serves a whole group. */
const GROUPS: readonly { readonly product: bigint; readonly primes: readonly number[] }[] = grouped(
  primesBelow(SMALL_PRIME_BELOW),
);

function grouped(primes: readonly number[]) {
  const groups: { product: bigint; primes: number[] }[] = [];
  let product = Number.MAX_SAFE_INTEGER;
  for (const prime of primes) {
    product *= prime;
    if (product > Number.MAX_SAFE_INTEGER) {
      groups.push({ product: 1n, primes: [] });
      product = prime;
    }
    groups.at(-1)?.primes.push(prime);
  }
  return groups.map((group) => ({ ...group, product: group.primes.reduce((all, prime) => all * BigInt(prime), 1n) }));
}

/** The smallest prime below 4096 that divides the modulus; null when there is none. */
export function smallFactor(modulus: bigint): number | null {
  for (const { product, primes } of GROUPS) {
    const residue = Number(modulus % product);
    const factor = primes.find((prime) => residue % prime === 0);
    if (factor !== undefined) return factor;
  }
  return null;
}

/**
 * Fermat's factorisation: with factors close to one another, a^2 - N is a square for an `a` just above the root of N
 * (CVE-2022-26320). True when `rounds` values of `a` find one. The modulus is odd.
 */
export function hasCloseFactors(modulus: bigint, rounds: number): boolean {
  let a = squareRoot(modulus);
  if (a * a < modulus) a += 1n;
  let difference = a * a - modulus;
  for (let round = 0; round < rounds; round += 1) {
    if (isSquare(difference)) return true;
    difference += 2n * a + 1n;
    a += 1n;
  }
  return false;
}

/** Squares modulo 64, 63, 65 and 11: all but one in 120 of other numbers are told without taking a root. */
const SIEVES = [64, 63, 65, 11].map((modulus) => {
  const squares = new Set<number>();
  for (let root = 0; root < modulus; root += 1) squares.add((root * root) % modulus);
  return { modulus, squares };
});
const SIEVE_PRODUCT = 64n * 63n * 65n * 11n;

function isSquare(value: bigint): boolean {
  const residue = Number(value % SIEVE_PRODUCT);
  if (SIEVES.some(({ modulus, squares }) => !squares.has(residue % modulus))) return false;
  const root = squareRoot(value);
  return root * root === value;
}

/** The greatest integer whose square is not above `value`, by Newton's method from above. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((value.toString(16).length * 4 + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
