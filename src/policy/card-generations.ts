/**
 * Whether a card can be updated remotely, decided before the card is touched. The present key signs
 * for the new keys, so both must be on the card at once.
 */
import { isBelowVersion } from '../kernel/versions.js';
import type { CardCapabilities } from '../ports/store/cards/cards.js';
import type { HolderKeyType } from '../x509/model.js';
import type { Policy } from './model.js';

/** Why a card has to go to a service desk, as far as its capabilities say. */
export const CAPABILITY_REASONS = [
  'generation-unknown',
  'generation-cannot-update',
  'applet-too-old',
  'key-type-not-made',
  'no-spare-container',
] as const;
export type CapabilityReason = (typeof CAPABILITY_REASONS)[number];

type Card = Pick<CardCapabilities, 'generation' | 'applet' | 'keyTypes' | 'spareContainers'>;

/**
 * All reasons, in the order of `CAPABILITY_REASONS`; none: the card can be updated. `wanted`: for
 * each new key, the types that its profile certifies now.
 */
export function capabilityReasons(
  { cardGenerations }: Pick<Policy, 'cardGenerations'>,
  card: Card,
  wanted: readonly (readonly HolderKeyType[])[],
): readonly CapabilityReason[] {
  const generation = cardGenerations.get(card.generation);
  if (generation === undefined) return ['generation-unknown'];
  const isMade = (keyType: HolderKeyType): boolean =>
    generation.keyTypes.includes(keyType) && card.keyTypes.includes(keyType);
  const holds: Readonly<Record<CapabilityReason, boolean>> = {
    'generation-unknown': false,
    'generation-cannot-update': generation.appletMin === null,
    'applet-too-old': generation.appletMin !== null && isBelowVersion(card.applet, generation.appletMin),
    'key-type-not-made': wanted.some((types) => !types.some(isMade)),
    'no-spare-container': card.spareContainers < wanted.length,
  };
  return CAPABILITY_REASONS.filter((reason) => holds[reason]);
}
