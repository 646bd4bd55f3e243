/**
 * Determines who has the shares of a token according to the plan. A ceremony compares share sets
 * with this before it opens them, and `verify` compares the holders that opened a token.
 */
import type { PlanFile, Sharing } from '../plan/model.js';
import { soSharingOf } from './so-pin.js';

/**
 * Returns the sharing that the plan states for a generation: that of the step that makes it or, for
 * the generation in force at the beginning, the quorum of the plan. `null`: the plan does not state
 * it.
 */
export function plannedSharing(
  plan: Pick<PlanFile, 'quorum' | 'tokens' | 'steps'>,
  token: string,
  generation: number,
): Sharing | null {
  const so = soSharingOf(plan, token, generation);
  if (so !== undefined) return so;
  const resharings = plan.steps.flatMap((step) => (step.do === 'reshare-quorum' && step.token === token ? [step] : []));
  const made = resharings.find((step) => step.generation === generation);
  if (made !== undefined) return made.quorum;
  const first = Math.min(...resharings.map((step) => step.generation));
  // The quorum of the plan is that of the generation before its first re-sharing; it states no
  // older one.
  if (resharings.length > 0 && generation !== first - 1) return null;
  return plan.quorum.kind === 'shares' ? plan.quorum : null;
}
