/**
 * CVE-2017-15361 (ROCA): the primes of a faulty smart-card library have the form k * M + (65537^a
 * mod M), where M is the product of the first primes. Their products are then powers of 65537
 * modulo M too; any other modulus is such a power with a probability of about 2^-150. This is the
 * published test: does N mod M have a discrete logarithm to the base 65537? Nemec, Sys, Svenda,
 * Klinec, Matyas: "The Return of Coppersmith's Attack", ACM CCS 2017, section 2.3. M here is the
 * one of the shortest keys, the product of the primes up to 167. The M of longer keys is a multiple
 * of it.
 */

const GENERATOR = 65_537;
const PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113,
  127, 131, 137, 139, 149, 151, 157, 163, 167,
] as const;

type Group = {
  readonly prime: bigint;
  /** The order of 65537 modulo the prime. */
  readonly order: number;
  /** Power of 65537 -> its exponent. */
  readonly logarithms: ReadonlyMap<number, number>;
};

const GROUPS: readonly Group[] = PRIMES.map((prime) => {
  const logarithms = new Map<number, number>();
  for (let power = 1, exponent = 0; !logarithms.has(power); exponent += 1) {
    logarithms.set(power, exponent);
    power = (power * (GENERATOR % prime)) % prime;
  }
  return { prime: BigInt(prime), order: logarithms.size, logarithms };
});

/** Whether the modulus has the fingerprint of the faulty library. */
export function hasRocaFingerprint(modulus: bigint): boolean {
  const known: { readonly order: number; readonly exponent: number }[] = [];
  for (const { prime, order, logarithms } of GROUPS) {
    const exponent = logarithms.get(Number(modulus % prime));
    if (exponent === undefined) return false;
    // An exponent for all primes exists if and only if each two residues agree modulo the common
    // divisor of their moduli.
    if (known.some((other) => (other.exponent - exponent) % commonDivisor(other.order, order) !== 0)) return false;
    known.push({ order, exponent });
  }
  return true;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
