/** A root with nothing below it, and a re-sharing of its PIN: few questions for a terminal. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlanFile } from '../../../src/ceremony/plan/model.js';
import { packageRoot } from '../../../src/package/package-root.js';

const ORGANISATION = 'PFCNG (development)';
/** The folder of the shares of the root's PIN. */
export const SHARES = 'ceremony/root/root-shares';

function officers(word: string, count: number): readonly { readonly name: string; readonly organisation: string }[] {
  return Array.from({ length: count }, (_, at) => ({ name: `${word} ${at + 1}`, organisation: ORGANISATION }));
}

/** The root of ELEMENTAIRE alone, with five officers of whom three open it. */
export async function rootAlonePlan(): Promise<PlanFile> {
  const file = join(packageRoot(), 'policies/ceremonies/development/elementaire.json');
  const { transcriptKey, ...plan }: PlanFile = JSON.parse(await readFile(file, 'utf8'));
  const holders = officers('Porteuse', 5).map((one) => ({ ...one, encryption: 'passphrase' as const }));
  const isRoots = (step: PlanFile['steps'][number]): boolean => 'token' in step && step.token === 'root-elementaire';
  return {
    ...plan,
    id: 'root',
    people: [
      ...plan.people.filter(({ role }) => role !== 'officer'),
      ...officers('Porteuse', 5).map((one) => ({ role: 'officer' as const, ...one })),
    ],
    quorum: { kind: 'shares', shares: 5, threshold: 3, swap: 'allowed', holders },
    tokens: plan.tokens
      .filter(({ kind }) => kind === 'root')
      .map((token) => ({
        ...token,
        folder: 'ceremony/root/root-token',
        pin: { kind: 'quorum', path: SHARES },
      })),
    steps: plan.steps.filter(
      (step) =>
        isRoots(step) &&
        step.do !== 'create-issuing-authority' &&
        step.do !== 'sign-crl' &&
        !(step.do === 'generate-key' && step.key === transcriptKey?.key),
    ),
    outputs: ['authorities/acr-el.cer'],
  };
}

export function resharingPlan(plan: PlanFile): PlanFile {
  const holders = officers('Suivante', 3).map((one) => ({ ...one, encryption: 'passphrase' as const }));
  return {
    ...plan,
    id: 'reshare',
    people: [...plan.people, ...officers('Suivante', 3).map((one) => ({ role: 'officer' as const, ...one }))],
    steps: [
      { do: 'reshare-quorum', token: 'root-elementaire', generation: 2, quorum: { shares: 3, threshold: 2, holders } },
    ],
    outputs: [],
  };
}
