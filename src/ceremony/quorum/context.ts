/** What the functions that make and open shares can use. */
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
 * One sharing of the PIN of a token: the secret is split once, among these holders. Each new
 * sharing of the same token has the next generation number.
 */
export type PinSharing = { readonly use: TokenUse; readonly generation: number; readonly sharing: Sharing };

/**
 * The minimum length of a passphrase. A shorter one could be found by brute force, however slow
 * each attempt is.
 */
export const PASSPHRASE_CHARACTERS_MIN = 12;
