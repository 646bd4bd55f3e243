import type { HolderKeyType } from '../../x509/model.js';
import type { KeyUsageBit, Profile } from '../model.js';

/**
 * The key usage that a profile gives to a key of this type. Messages are encrypted to an RSA key by
 * keyEncipherment (RFC 3370 4.2.1), and to an EC key by keyAgreement (RFC 5753 section 3). RSA keys
 * cannot agree on a key (RFC 3279 2.3.1), keyEncipherment must not be present with id-ecPublicKey
 * (RFC 8813 section 3), and Ed25519 keys only sign (RFC 9295 section 3).
 */
export function keyUsageFor({ keyUsage }: Pick<Profile, 'keyUsage'>, keyType: HolderKeyType): readonly KeyUsageBit[] {
  const absent = ABSENT[kindOf(keyType)];
  return keyUsage.filter((bit) => !absent.includes(bit));
}

type Kind = 'rsa' | 'ec' | 'ed25519';

const ABSENT: Readonly<Record<Kind, readonly KeyUsageBit[]>> = {
  rsa: ['keyAgreement'],
  ec: ['keyEncipherment'],
  ed25519: ['keyEncipherment', 'keyAgreement'],
};

function kindOf(keyType: HolderKeyType): Kind {
  if (keyType === 'ed25519') return keyType;
  return keyType.startsWith('rsa-') ? 'rsa' : 'ec';
}
