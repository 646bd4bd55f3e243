import type { HolderKeyType } from '../../x509/model.js';
import type { KeyUsageBit, Profile } from '../model.js';

/**
 * The key usage that a profile gives a key of this type. keyEncipherment is for RSA keys alone:
 * with id-ecPublicKey it must not be present (RFC 8813 section 3), with Ed25519 neither (RFC 9295
 * section 3).
 */
export function keyUsageFor({ keyUsage }: Pick<Profile, 'keyUsage'>, keyType: HolderKeyType): readonly KeyUsageBit[] {
  return keyType.startsWith('rsa-') ? keyUsage : keyUsage.filter((bit) => bit !== 'keyEncipherment');
}
