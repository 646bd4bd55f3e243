/**
 * Checks the strength of a holder's public key before anything else is done with it. Sources: RFC
 * 5280 4.1.2.7, RFC 5480 2.2, RFC 8032, NIST SP 800-89 5.3.3 (partial validation of RSA keys), FIPS
 * 186-5 A.1.1 (public exponents), CVE-2017-15361 and CVE-2022-26320 (families of broken keys).
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { type Fault, fault, text } from '../../texts/text.js';
import type { HolderKeyType, PublicKeyView } from '../model.js';
import { importPublicKey } from './algorithms.js';
import { isEd25519Point } from './ed25519.js';
import { holderKeyTypeOf, readPublicKey } from './public-key.js';
import { hasRocaFingerprint } from './roca.js';
import { hasCloseFactors, smallFactor } from './rsa-checks.js';

type RsaKey = Extract<PublicKeyView, { readonly kind: 'rsa' }>;

/** ANSSI-PG-083 and FIPS 186-5 A.1.1: 2^16 < e < 2^256. */
const EXPONENT_MIN = 65_537n;
const EXPONENT_END = 1n << 256n;
const FERMAT_ROUNDS = 100;

/**
 * Bounds the cost of the arithmetic below. The size of the request bounds it too, but less tightly.
 */
const MODULUS_BITS_MAX = 8_192;

/** null: the key does not have this weakness. */
const RSA_CHECKS: readonly ((key: RsaKey) => Fault | null)[] = [
  ({ modulus }) => (modulus % 2n === 0n ? fault('key-modulus-odd') : null),
  ({ exponent }) =>
    exponent % 2n === 1n && exponent >= EXPONENT_MIN && exponent < EXPONENT_END ? null : fault('key-exponent-sound'),
  ({ modulus }) => {
    const factor = smallFactor(modulus);
    return factor === null ? null : fault('key-without-small-factors', { factor });
  },
  ({ modulus }) => (hasRocaFingerprint(modulus) ? fault('key-not-roca') : null),
  ({ modulus }) => (hasCloseFactors(modulus, FERMAT_ROUNDS) ? fault('key-factors-apart') : null),
];

/**
 * Every weakness found; empty for a key that may be certified under a profile that allows these
 * types.
 */
export function checkPublicKey(spki: Bytes, allowed: readonly HolderKeyType[]): readonly Fault[] {
  const read = readPublicKey(spki);
  if (!read.ok) return [{ rule: read.error.rule, message: read.error.message }];
  const view = read.value;
  const weaknesses: Fault[] = [];
  const type = holderKeyTypeOf(view);
  if (type === null || !allowed.includes(type))
    weaknesses.push(fault('key-type-allowed', { key: describe(view), types: allowed }));
  weaknesses.push(...(view.kind === 'rsa' ? checkRsa(view) : []));
  // OpenSSL accepts any 32 octets as an Ed25519 key.
  if (view.kind === 'ed25519' && !isEd25519Point(view.key)) weaknesses.push(fault('key-point-on-curve/ed25519'));
  // OpenSSL is asked last: among other things, it rejects a point that is not on its curve.
  if (weaknesses.length === 0 && importPublicKey(spki) === null)
    weaknesses.push(
      view.kind === 'ec' ? fault('key-point-on-curve', { curve: view.curve }) : fault('key-well-formed/unusable'),
    );
  return weaknesses;
}

function checkRsa(key: RsaKey): readonly Fault[] {
  if (key.bits > MODULUS_BITS_MAX) return [];
  return RSA_CHECKS.flatMap((weaknessOf) => weaknessOf(key) ?? []);
}

function describe(view: PublicKeyView): Bilingual {
  if (view.kind === 'ed25519') return text('key/ed25519');
  return view.kind === 'rsa' ? text('key/rsa', { bits: view.bits }) : text('key/ec', { curve: view.curve });
}
