/** Makes key pairs of each type that holders may have, for certificates that nobody uses. */
import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import type { HolderKeyType } from '../../x509/model.js';

/** Names of OpenSSL. */
const CURVES: Readonly<Partial<Record<HolderKeyType, string>>> = {
  'p-256': 'P-256',
  'p-384': 'P-384',
  'p-521': 'P-521',
  'brainpool-p256r1': 'brainpoolP256r1',
  'brainpool-p384r1': 'brainpoolP384r1',
};

export function makeSampleKeyPair(type: HolderKeyType): KeyPairKeyObjectResult {
  if (type === 'ed25519') return generateKeyPairSync('ed25519');
  const namedCurve = CURVES[type];
  if (namedCurve !== undefined) return generateKeyPairSync('ec', { namedCurve });
  return generateKeyPairSync('rsa', { modulusLength: Number(type.slice('rsa-'.length)) });
}
