/** What making and opening shares asks for. */
import type { CeremonyPlan, Sharing, TokenUse } from '../plan/model.js';
import type { Aside, Facts } from '../transcript/transcript.js';
import type { CeremonyWorld } from '../world.js';

export type QuorumContext = {
  readonly world: CeremonyWorld;
  readonly plan: CeremonyPlan;
  /** Writes a line of its own into the transcript. */
  readonly note: (action: Aside, result: Facts) => Promise<void>;
};

export type Shared = { readonly use: TokenUse; readonly generation: number; readonly sharing: Sharing };

/** Fewer octets would be found by trying, at whatever cost of a try. */
export const PASSPHRASE_OCTETS_MIN = 12;
