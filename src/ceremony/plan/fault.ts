/** Faults of a plan, and the values that the checks of one step can use. */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Policy } from '../../policy/model.js';
import type { CeremonyStep, PlanFile } from './model.js';

/** `pointer` is a JSON Pointer (RFC 6901) into the plan, or into the step that is checked. */
export type Fault = { readonly pointer: string; readonly message: Bilingual };

export function mustBe(expected: string): Bilingual {
  return { fr: `doit être ${expected}`, en: `must be ${expected}` };
}

/** The plan that a step is checked in. `before`: the steps before it, in order. */
export type CheckContext = {
  readonly plan: PlanFile;
  readonly policy: Policy;
  readonly before: readonly CeremonyStep[];
};
