/** Plans of a root token's second ceremony, derived from the one that ships. */
import type { CeremonyPlan, PlanFile } from '../../../src/ceremony/plan/model.js';
import { readPlan } from '../../../src/ceremony/plan/read.js';
import type { ShareHeader } from '../../../src/ceremony/quorum/share-file.js';
import { assert } from '../../../src/kernel/assert.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import type { Policy } from '../../../src/policy/model.js';
import { developmentPlanText } from './fake-world.js';

/** What an encrypted share of the FORT root token says of itself; these values belong to no set. */
export const SHARE_HEADER: ShareHeader = {
  form: 1,
  kind: 'quorum-share',
  set: '00'.repeat(16),
  ceremony: 'fort',
  token: 'root-fort',
  generation: 1,
  number: 1,
  shares: 3,
  threshold: 2,
  holder: 'One',
  organisation: 'ANS',
};

const ORGANISATION = 'PFCNG (development)';

export function planOf(value: object, policy: Policy): CeremonyPlan {
  const plan = readPlan(utf8(JSON.stringify(value)), { file: 'plan.json', policy });
  assert(plan.ok, plan.ok ? '' : JSON.stringify(plan.error));
  return plan.value;
}

/**
 * The FORT plan without its transcriptKey, because plans with other names are derived from it and
 * none tests that key.
 */
export function fortPlan(): PlanFile {
  const { transcriptKey, ...plan }: PlanFile = JSON.parse(new TextDecoder().decode(developmentPlanText('fort')));
  return { ...plan, steps: plan.steps.filter((step) => step.do !== 'generate-key' || step.key !== transcriptKey?.key) };
}

/** Three new officers with threshold two replace the five with threshold three. */
export function resharePlan(edit: (plan: PlanFile) => PlanFile = (plan) => plan): PlanFile {
  const fort = fortPlan();
  const officers = [1, 2, 3].map((number) => ({ name: `New officer ${number}`, organisation: ORGANISATION }));
  return edit({
    ...fort,
    id: 'fort-reshare',
    people: [...fort.people, ...officers.map((officer) => ({ role: 'officer' as const, ...officer }))],
    tokens: fort.tokens.filter(({ kind }) => kind === 'root'),
    steps: [
      {
        do: 'reshare-quorum',
        token: 'root-fort',
        generation: 2,
        quorum: {
          shares: 3,
          threshold: 2,
          holders: officers.map((one) => ({ ...one, encryption: 'passphrase' as const })),
        },
      },
    ],
    outputs: [],
  });
}

/** The officers stay the same but get new shares, because one has forgotten a passphrase. */
export function sameOfficersPlan(): PlanFile {
  return resharePlan((plan) => {
    const { quorum } = plan;
    assert(quorum.kind === 'shares', 'the plan that ships has shares');
    const { shares, threshold, holders } = quorum;
    return { ...plan, steps: plan.steps.map((step) => ({ ...step, quorum: { shares, threshold, holders } })) };
  });
}
