/** The context in which shares are made and opened. */
import type { CeremonyPlan, Sharing, TokenUse } from '../plan/model.js';
import type { Facts, StepEvent } from '../transcript/transcript.js';
import type { CeremonyWorld } from '../world.js';

export type QuorumContext = {
  readonly world: CeremonyWorld;
  readonly plan: CeremonyPlan;
  /** Appends an entry to the transcript, in addition to the entry with the outcome of the step. */
  readonly note: (action: StepEvent, result: Facts) => Promise<void>;
};

/**
 * One sharing of a token's PIN. Each new sharing of the same token has the next generation
 * number.
 */
export type PinSharing = { readonly use: TokenUse; readonly generation: number; readonly sharing: Sharing };

/** A shorter passphrase could be found by brute force, whatever the cost of one attempt. */
export const PASSPHRASE_CHARACTERS_MIN = 12;
