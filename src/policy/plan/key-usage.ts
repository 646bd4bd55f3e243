import type { HolderKeyType } from '../../x509/model.js';
import type { KeyUsageBit, Profile } from '../model.js';

/**
 * The key usage that a profile gives to a key of this type. keyEncipherment is for RSA keys alone:
 * it must not be present with id-ecPublicKey (RFC 8813 section 3) or with Ed25519 (RFC 9295 section
 * 3).
 */
export function keyUsageFor({ keyUsage }: Pick<Profile, 'keyUsage'>, keyType: HolderKeyType): readonly KeyUsageBit[] {
  return keyType.startsWith('rsa-') ? keyUsage : keyUsage.filter((bit) => bit !== 'keyEncipherment');
}
