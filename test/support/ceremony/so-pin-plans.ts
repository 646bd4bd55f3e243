/**
 * Plans of a root token whose security officer's PIN is shared among separate people: the plan that
 * makes it, and those that use it.
 */
import type { PlanFile, Sharing } from '../../../src/ceremony/plan/model.js';

const ORGANISATION = 'PFCNG (development)';

export function sharing(word: string, shares: number, threshold: number): Sharing {
  const holders = Array.from({ length: shares }, (_, at) => ({
    name: `${word} ${at + 1}`,
    organisation: ORGANISATION,
    encryption: 'passphrase' as const,
  }));
  return { shares, threshold, holders };
}

function officersOf({ holders }: Sharing): PlanFile['people'] {
  return holders.map(({ name, organisation }) => ({ role: 'officer' as const, name, organisation }));
}

/** The plan that ships, with a shared PIN of the security officer for its root token. */
export function withSharedSoPin(plan: PlanFile, soPin: Sharing): PlanFile {
  return {
    ...plan,
    people: [...plan.people, ...officersOf(soPin)],
    steps: plan.steps.map((step) =>
      step.do === 'initialise-token' && step.token.startsWith('root-') ? { ...step, soPin } : step,
    ),
  };
}

/** The security officer's PIN of the root token is shared among others, by its present holders. */
export function resharedSoPlan(
  plan: PlanFile,
  {
    soQuorum,
    quorum,
    generation = 2,
  }: { readonly soQuorum: Sharing; readonly quorum: Sharing; readonly generation?: number },
): PlanFile {
  const tokens = plan.tokens.filter(({ kind }) => kind === 'root');
  const token = tokens[0]?.name ?? '';
  return {
    ...plan,
    id: 'reshare-so',
    people: [...plan.people, ...officersOf(quorum)],
    tokens,
    steps: [{ do: 'reshare-so-pin', token, generation, soQuorum, quorum }],
    outputs: [],
  };
}

/**
 * The PIN of the root token is reset by the holders of its security officer's PIN, and shared among
 * other officers.
 */
export function resetPlan(
  plan: PlanFile,
  { soQuorum, quorum, id = 'reset' }: { readonly soQuorum: Sharing; readonly quorum: Sharing; readonly id?: string },
): PlanFile {
  const tokens = plan.tokens.filter(({ kind }) => kind === 'root');
  const token = tokens[0]?.name ?? '';
  return {
    ...plan,
    id,
    people: [...plan.people, ...officersOf(soQuorum), ...officersOf(quorum)],
    tokens,
    steps: [{ do: 'reshare-quorum', token, generation: 2, quorum, soQuorum }],
    outputs: [],
  };
}
