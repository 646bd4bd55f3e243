/** What every kind of step has in common. One file a kind is in `steps/`. */
import type { Result } from '../../kernel/result.js';
import type { StepFailure } from '../failures.js';
import type { CeremonyPlan, CeremonyStep } from '../plan/model.js';
import type { TokenOpener } from '../quorum/token-opener.js';
import type { CarriedBundle } from '../sitting/compare-bundle.js';
import type { ShownArtefact } from '../sitting/confirm.js';
import type { OperatorAct } from '../sitting/operate.js';
import type { Facts } from '../transcript/transcript.js';
import type { CeremonyToken, CeremonyWorld } from '../world.js';

export type StepContext = {
  readonly world: CeremonyWorld;
  readonly plan: CeremonyPlan;
  /** Opens the token once for the whole ceremony. */
  readonly token: (name: string) => Promise<CeremonyToken>;
  readonly quorum: TokenOpener;
  /** Shows what is about to be signed, and has its code read out; the failure where nobody does. */
  readonly confirm: (shown: ShownArtefact) => Promise<Result<void, StepFailure>>;
  /** Has the words of a bundle compared, and says so in the transcript; the failure where they are others. */
  readonly compare: (carried: CarriedBundle) => Promise<Result<void, StepFailure>>;
  /** That the transcript says so of this bundle. */
  readonly isCompared: (carried: CarriedBundle) => boolean;
  /** Shows the operator what to do with the tools of the HSM, and waits until it is done. */
  readonly operate: (act: OperatorAct) => Promise<Result<void, StepFailure>>;
};

/**
 * `find` reads what is there of the step's outcome and checks it against the plan: null when nothing is, and the facts that
 * the transcript records otherwise. `make` makes it; then `find` is asked again, so that nothing is recorded unread.
 */
export type StepHandler<Step extends CeremonyStep> = {
  readonly find: (context: StepContext, step: Step) => Promise<Result<Facts | null, StepFailure>>;
  readonly make: (context: StepContext, step: Step) => Promise<Result<void, StepFailure>>;
};
