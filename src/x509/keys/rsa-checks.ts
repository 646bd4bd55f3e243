/**
 * Arithmetic on an RSA modulus that finds weak keys. All of it together costs well under a
 * millisecond.
 */

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

/**
 * Primes in groups whose product is a safe integer, so that one division of the modulus serves a
 * whole group.
 */
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

/**
 * The smallest prime below a limit, at most 4096, that divides the modulus; null when there is
 * none.
 */
export function smallFactor(modulus: bigint, below = SMALL_PRIME_BELOW): number | null {
  for (const { product, primes } of GROUPS) {
    if ((primes[0] ?? below) >= below) return null;
    const residue = Number(modulus % product);
    const factor = primes.find((prime) => residue % prime === 0);
    if (factor !== undefined) return factor < below ? factor : null;
  }
  return null;
}

/**
 * Fermat's factorisation: when the factors are close to one another, a^2 - N is a square for an `a`
 * just above the root of N (CVE-2022-26320). True when one of `rounds` values of `a` gives a
 * square. The modulus must be odd.
 */
export function hasCloseFactors(modulus: bigint, rounds: number): boolean {
  const root = squareRoot(modulus);
  const a = root * root < modulus ? root + 1n : root;
  // Both values are reduced to a safe integer: a difference that is not a square modulo the period
  // is not a square.
  let least = Number(a % SIEVE_PRODUCT);
  let residue = Number((a * a - modulus) % SIEVE_PRODUCT);
  for (let round = 0; round < rounds; round += 1) {
    if (mayBeSquare(residue) && isSquare((a + BigInt(round)) ** 2n - modulus)) return true;
    residue = (residue + 2 * least + 1) % SIEVE_PERIOD;
    least = (least + 1) % SIEVE_PERIOD;
  }
  return false;
}

/**
 * Squares modulo 64, 63, 65 and 11: they exclude all but one in 120 numbers that are no squares,
 * without taking a root.
 */
const SIEVES = [64, 63, 65, 11].map((modulus) => {
  const squares = new Uint8Array(modulus);
  for (let root = 0; root < modulus; root += 1) squares[(root * root) % modulus] = 1;
  return { modulus, squares };
});
const SIEVE_PERIOD = 64 * 63 * 65 * 11;
const SIEVE_PRODUCT = BigInt(SIEVE_PERIOD);

function mayBeSquare(residue: number): boolean {
  for (const { modulus, squares } of SIEVES) if (squares[residue % modulus] === 0) return false;
  return true;
}

function isSquare(value: bigint): boolean {
  const root = squareRoot(value);
  return root * root === value;
}

/** The greatest integer whose square is not above `value`, by Newton's method from above. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = notBelowRoot(value);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/**
 * An estimate that is not below the root. Its leading digits are already right, which saves half of
 * Newton's steps.
 */
function notBelowRoot(value: bigint): bigint {
  const bits = value.toString(16).length * 4;
  // 104 bits of the value have a root of 52 bits, which a number holds exactly. The number of bits
  // cut off must be even.
  const cut = bits - 104;
  if (cut <= 0) return 1n << BigInt((bits + 1) >> 1);
  const root = Math.ceil(Math.sqrt(Number(value >> BigInt(cut))) * (1 + 2 ** -50)) + 1;
  return BigInt(root) << BigInt(cut / 2);
}
