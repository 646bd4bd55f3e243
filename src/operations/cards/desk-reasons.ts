/** Why a card has to go to a service desk, as its reported capabilities say. */
import { type CapabilityReason, capabilityReasons } from '../../policy/card-generations.js';
import { allowedKeyTypes } from '../../policy/plan/plan.js';
import type { CardCapabilities } from '../../ports/store/cards/cards.js';
import type { CertificateSummary } from '../../ports/store/certificates.js';
import type { World } from '../world.js';

/** A new key is wanted for each profile of the card that can be updated. */
export function deskReasonsOf(
  { policy, clock }: Pick<World, 'policy' | 'clock'>,
  certificates: readonly Pick<CertificateSummary, 'profile'>[],
  capabilities: CardCapabilities,
): readonly CapabilityReason[] {
  const profiles = [...new Set(certificates.map(({ profile }) => profile))].flatMap(
    (id) => policy.profiles.get(id) ?? [],
  );
  const wanted = profiles
    .filter(({ update }) => update !== null)
    .map((profile) => allowedKeyTypes(policy, profile, clock()));
  return capabilityReasons(policy, capabilities, wanted);
}
