/** The faults that the checks of a plan find, and what the checks of one step can read. */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Policy } from '../../policy/model.js';
import type { CeremonyStep, PlanFile } from './model.js';

/**
 * One fault of a plan. `pointer` is a JSON Pointer (RFC 6901) into the plan, or into the step that
 * is checked.
 */
export type Fault = { readonly pointer: string; readonly message: Bilingual };

export function mustBe(expected: string): Bilingual {
  return { fr: `doit être ${expected}`, en: `must be ${expected}` };
}

/** What the checks of a step can read. `before`: the steps before it, in the order of the plan. */
export type CheckContext = {
  readonly plan: PlanFile;
  readonly policy: Policy;
  readonly before: readonly CeremonyStep[];
};
