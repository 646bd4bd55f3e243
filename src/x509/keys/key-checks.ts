/**
 * Checks the strength of a holder's public key before anything else is done with it. Sources: RFC
 * 5280 4.1.2.7, RFC 5480 2.2, RFC 8032, NIST SP 800-89 5.3.3 (partial validation of RSA keys), FIPS
 * 186-5 A.1.1 (public exponents), CVE-2017-15361 and CVE-2022-26320 (families of broken keys).
 */
import type { Bytes } from '../../kernel/bytes.js';
import type { HolderKeyType, PublicKeyView } from '../model.js';
import { importPublicKey } from './algorithms.js';
import { isEd25519Point } from './ed25519.js';
import { holderKeyTypeOf, type KeyRule, readPublicKey } from './public-key.js';
import { hasRocaFingerprint } from './roca.js';
import { hasCloseFactors, smallFactor } from './rsa-checks.js';

export type KeyWeakness = {
  readonly rule:
    | KeyRule
    | 'key-type-allowed'
    | 'key-modulus-odd'
    | 'key-exponent-sound'
    | 'key-without-small-factors'
    | 'key-not-roca'
    | 'key-factors-apart'
    | 'key-point-on-curve';
  readonly message: string;
};

type RsaKey = Extract<PublicKeyView, { readonly kind: 'rsa' }>;

/** ANSSI-PG-083 and FIPS 186-5 A.1.1: 2^16 < e < 2^256. */
const EXPONENT_MIN = 65_537n;
const EXPONENT_END = 1n << 256n;
const FERMAT_ROUNDS = 100;

/**
 * Bounds the cost of the arithmetic below. The size of the request bounds it too, but less tightly.
 */
const MODULUS_BITS_MAX = 8_192;

const RSA_CHECKS: readonly {
  readonly rule: KeyWeakness['rule'];
  readonly weak: (key: RsaKey) => string | null;
}[] = [
  {
    rule: 'key-modulus-odd',
    weak: ({ modulus }) => (modulus % 2n === 0n ? 'the modulus is even' : null),
  },
  {
    rule: 'key-exponent-sound',
    weak: ({ exponent }) =>
      exponent % 2n === 1n && exponent >= EXPONENT_MIN && exponent < EXPONENT_END
        ? null
        : 'the public exponent is not an odd number above 65536 and below 2^256',
  },
  {
    rule: 'key-without-small-factors',
    weak: ({ modulus }) => {
      const factor = smallFactor(modulus);
      return factor === null ? null : `the modulus is divisible by ${factor}`;
    },
  },
  {
    rule: 'key-not-roca',
    weak: ({ modulus }) =>
      hasRocaFingerprint(modulus) ? 'the key was made by the faulty library of CVE-2017-15361 (ROCA)' : null,
  },
  {
    rule: 'key-factors-apart',
    weak: ({ modulus }) =>
      hasCloseFactors(modulus, FERMAT_ROUNDS) ? 'the factors of the modulus are too close to one another' : null,
  },
];

/**
 * Every weakness found; empty for a key that may be certified under a profile that allows these
 * types.
 */
export function checkPublicKey(spki: Bytes, allowed: readonly HolderKeyType[]): readonly KeyWeakness[] {
  const read = readPublicKey(spki);
  if (!read.ok) return [{ rule: read.error.rule, message: read.error.message }];
  const view = read.value;
  const weaknesses: KeyWeakness[] = [];
  const type = holderKeyTypeOf(view);
  if (type === null || !allowed.includes(type)) {
    const message = `${describe(view)} is not one of the allowed types: ${allowed.join(', ')}`;
    weaknesses.push({ rule: 'key-type-allowed', message });
  }
  weaknesses.push(...(view.kind === 'rsa' ? checkRsa(view) : []));
  if (view.kind === 'ed25519' && !isEd25519Point(view.key))
    weaknesses.push({ rule: 'key-point-on-curve', message: OFF_EDWARDS });
  // OpenSSL is asked last: among other things, it rejects a point that is not on its curve.
  if (weaknesses.length === 0 && importPublicKey(spki) === null)
    weaknesses.push(
      view.kind === 'ec'
        ? { rule: 'key-point-on-curve', message: `the point is not on the curve ${view.curve}` }
        : { rule: 'key-well-formed', message: 'the key cannot be used' },
    );
  return weaknesses;
}

/** OpenSSL accepts any 32 octets as an Ed25519 key. */
const OFF_EDWARDS =
  'the octets are no point of edwards25519, or a point of small order, for which signatures prove nothing';

function checkRsa(key: RsaKey): readonly KeyWeakness[] {
  if (key.bits > MODULUS_BITS_MAX) return [];
  return RSA_CHECKS.flatMap(({ rule, weak }) => {
    const message = weak(key);
    return message === null ? [] : [{ rule, message }];
  });
}

function describe(view: PublicKeyView): string {
  if (view.kind === 'ed25519') return 'an Ed25519 key';
  return view.kind === 'rsa' ? `an RSA key of ${view.bits} bits` : `an EC key on ${view.curve}`;
}
