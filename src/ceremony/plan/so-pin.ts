/** What a plan must get right about the PIN of a token's security officer: holders of its own, and a token that has one to be shared. */
import type { Bilingual } from '../bilingual.js';
import { plainName } from '../quorum/plain-name.js';
import type { PlanFile, Sharing, StepOf } from './model.js';
import { absenceFaults, type Fault, holderFaults, thresholdFaults } from './quorum.js';

const WORDS = {
  notShared: {
    fr: 'de ce jeton le PIN lui-même est dans un fichier : `destroyed`',
    en: 'the PIN itself of this token is in a file: `destroyed`',
  },
  twoShares: {
    fr: 'détient aussi une part du PIN : personne ne détient deux parts',
    en: 'holds a share of the PIN as well: nobody holds two shares',
  },
  usedBefore: {
    fr: 'une étape précédente ouvre déjà ce jeton : le responsable de sécurité vient avant',
    en: 'an earlier step opens this token already: its security officer comes before',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

export function soPinFaults(
  plan: PlanFile,
  step: StepOf<'initialise-token'> | StepOf<'reshare-quorum'> | StepOf<'reshare-so-pin'>,
  pointer: string,
): readonly Fault[] {
  if (step.do === 'initialise-token') {
    const { soPin } = step;
    if (soPin === undefined || soPin === 'destroyed') return [];
    const there = `${pointer}/soPin`;
    const keeping = plan.tokens.find(({ name }) => name === step.token)?.pin.kind;
    if (keeping !== 'quorum' || plan.quorum.kind !== 'shares') return [{ pointer: there, message: WORDS.notShared }];
    return [...sharingFaults(soPin, plan.quorum, there), ...absenceFaults(plan, soPin, there)];
  }
  if (step.soQuorum === undefined) return [];
  const before = plan.steps.slice(0, plan.steps.indexOf(step));
  const isUsed = before.some((other) => 'token' in other && other.token === step.token);
  const used = isUsed ? [{ pointer: `${pointer}/token`, message: WORDS.usedBefore }] : [];
  if (step.do === 'reshare-quorum')
    return [...sharingFaults(step.soQuorum, step.quorum, `${pointer}/soQuorum`), ...used];
  // New holders are held to those of the token's PIN, who are the plan's; the present ones are known by their set.
  return [
    ...(plan.quorum.kind === 'shares' ? twoShareFaults(step.quorum, plan.quorum, `${pointer}/quorum`) : []),
    ...thresholdFaults(step.soQuorum, `${pointer}/soQuorum`),
    ...holderFaults(step.soQuorum, `${pointer}/soQuorum`),
    ...used,
  ];
}

function sharingFaults(sharing: Sharing, other: Sharing, pointer: string): readonly Fault[] {
  const both = twoShareFaults(sharing, other, pointer);
  return [...thresholdFaults(sharing, pointer), ...holderFaults(sharing, pointer), ...both];
}

function twoShareFaults(sharing: Sharing, other: Sharing, pointer: string): readonly Fault[] {
  const names = other.holders.map(({ name }) => plainName(name));
  const certificates = other.holders.flatMap(({ seal }) => (seal === 'passphrase' ? [] : [seal.sha256]));
  return sharing.holders.flatMap(({ name, seal }, at) => {
    const isBoth = names.includes(plainName(name)) || (seal !== 'passphrase' && certificates.includes(seal.sha256));
    return isBoth ? [{ pointer: `${pointer}/holders/${at}`, message: WORDS.twoShares }] : [];
  });
}
