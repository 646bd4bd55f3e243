import { isForSuite } from '../../../policy/enrolment-policy.js';
import type { Mac } from '../../protection/mac.js';
import { type Check, refused } from '../check.js';

export const ALGORITHM: Check = {
  id: 'B2',
  examine: ({ algorithm, path, profiles }) => {
    if (!algorithm.ok) return refused('badAlg', algorithm.error);
    if (algorithm.value.kind === 'signature') return null;
    if (!isForSuite(profiles.get(path.profile ?? '')) || isDerivedBySha2(algorithm.value.mac)) return null;
    return refused('badAlg', 'protectionAlg: this profile takes PasswordBasedMac and PBMAC1 with SHA-2 only');
  },
};

/**
 * A conformance suite counts HMAC and KMAC without a derivation of the key, and SHA-3 (RFC 9688),
 * among what the lightweight profile does not have.
 */
function isDerivedBySha2({ derivation, hashes }: Mac): boolean {
  return derivation !== null && !hashes.some((name) => name.startsWith('sha3-'));
}
