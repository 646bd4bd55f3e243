/**
 * Checks the parts of a plan that a schema cannot check: that they are consistent with each other,
 * with the policy and with the names in the home folder.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Policy } from '../../policy/model.js';
import { checkStep, outputsOf } from '../steps/all.js';
import { type Fault, mustBe, type PlanFile } from './model.js';
import { transcriptKeyLabel } from './paths.js';
import { missingPeople, plainName, ROLES } from './presence.js';
import { isOffline, quorumFaults } from './quorum.js';

const MESSAGES = {
  anySoftware: {
    fr: "`*` est pour les répétitions : indiquez la version et l'empreinte de la politique",
    en: '`*` is for rehearsals: name the version and the policy',
  },
  namedTwice: { fr: 'nommé deux fois', en: 'named twice' },
  platformOnly: {
    fr: "une cérémonie sans hiérarchie n'a que le jeton platform, ou access",
    en: 'a ceremony without hierarchy has the platform token only, or access',
  },
  noHierarchy: {
    fr: "l'AC d'accès n'est dans aucune hiérarchie : hierarchy doit être null",
    en: 'the access CA is in no hierarchy: hierarchy must be null',
  },
  anothersCertificate: {
    fr: "ce certificat est celui d'une autre personne",
    en: 'this is the certificate of somebody else',
  },
  unsigned: {
    fr: 'transcriptKey manque : indiquez la clé qui signe la transcription',
    en: 'transcriptKey is missing: name the key that signs the transcript',
  },
  keyNotMade: { fr: 'aucune étape ne génère cette bi-clé', en: 'no step makes this key' },
} as const satisfies Readonly<Record<string, Bilingual>>;

function environmentIs(mark: string): Bilingual {
  return { fr: `la politique est de l'environnement ${mark}`, en: `the policy is of the ${mark} environment` };
}

export function planFaults(plan: PlanFile, policy: Policy): readonly Fault[] {
  return [
    ...environmentFaults(plan, policy),
    ...peopleFaults(plan),
    ...tokenFaults(plan),
    ...quorumFaults(plan),
    ...plan.steps.flatMap((step, at) =>
      checkStep(step, { plan, policy, before: plan.steps.slice(0, at) }).map((fault) => ({
        pointer: `/steps/${at}${fault.pointer}`,
        message: fault.message,
      })),
    ),
    ...transcriptKeyFaults(plan),
    ...outputFaults(plan),
  ];
}

function environmentFaults({ environment, software }: PlanFile, policy: Policy): readonly Fault[] {
  const faults: Fault[] = [];
  if (environment !== policy.environment.mark)
    faults.push({ pointer: '/environment', message: environmentIs(policy.environment.mark) });
  if (environment === 'production' && (software.version === '*' || software.policyDigest === '*'))
    faults.push({ pointer: '/software', message: MESSAGES.anySoftware });
  return faults;
}

function peopleFaults(plan: PlanFile): readonly Fault[] {
  return [...certificateFaults(plan), ...presenceFaults(plan)];
}

/**
 * Checks that no certificate is named for two people, because one person could then sign as both.
 */
function certificateFaults({ people }: PlanFile): readonly Fault[] {
  return people.flatMap(({ name, certificateSha256 }, at) => {
    const isOthers = people
      .slice(0, at)
      .some(
        (other) =>
          certificateSha256 !== undefined &&
          other.certificateSha256 === certificateSha256 &&
          plainName(other.name) !== plainName(name),
      );
    return isOthers ? [{ pointer: `/people/${at}/certificateSha256`, message: MESSAGES.anothersCertificate }] : [];
  });
}

/** Checks that the roll call can succeed if everybody whom the plan names is present. */
function presenceFaults({ people, presence }: PlanFile): readonly Fault[] {
  return presence.flatMap((wanted, at) =>
    missingPeople(people, [wanted]).map(({ present }) => {
      const { role, atLeast, organisation } = wanted;
      const of = organisation === undefined ? '' : ` (${organisation})`;
      const message = {
        fr: `présence requise, ${ROLES[role].fr}${of} : ${atLeast} ; personnes nommées : ${present}`,
        en: `presence required, ${ROLES[role].en}${of}: ${atLeast}; people named: ${present}`,
      };
      return { pointer: `/presence/${at}`, message };
    }),
  );
}

/**
 * Checks the tokens: each has the name of its kind and hierarchy, and its folder and PIN are in
 * their fixed places. These are where the service looks for them or, for an offline token, in the
 * folder of the ceremony that made it.
 */
function tokenFaults({ id, hierarchy, tokens }: PlanFile): readonly Fault[] {
  return tokens.flatMap((token, at) => {
    const faults: Fault[] = [];
    const expect = (member: string, found: string, expected: string) => {
      if (found !== expected) faults.push({ pointer: `/tokens/${at}/${member}`, message: mustBe(expected) });
    };
    const hasNoHierarchy = token.kind === 'platform' || token.kind === 'access';
    const kind = hierarchy === null && !hasNoHierarchy ? 'platform' : token.kind;
    expect('name', token.name, hierarchy === null || hasNoHierarchy ? kind : `${kind}-${hierarchy}`);
    if (tokens.findIndex(({ name }) => name === token.name) !== at)
      faults.push({ pointer: `/tokens/${at}/name`, message: MESSAGES.namedTwice });
    if (hierarchy === null && !hasNoHierarchy)
      faults.push({ pointer: `/tokens/${at}/kind`, message: MESSAGES.platformOnly });
    if (hierarchy !== null && token.kind === 'access')
      faults.push({ pointer: `/tokens/${at}/kind`, message: MESSAGES.noHierarchy });
    // Later ceremonies find an offline token where the first one made it: `ceremony/ID/root-token`.
    const folder = isOffline(token.kind) ? new RegExp(`^ceremony/[a-z][a-z0-9-]*/${token.kind}-token$`) : null;
    const path = token.pin.kind === 'hsm' ? null : token.pin.path;
    if (folder === null) {
      expect('folder', token.folder, `tokens/${token.name}`);
      if (path !== null) expect('pin/path', path, `pins/${token.name}.pin`);
    } else if (!folder.test(token.folder)) expect('folder', token.folder, `ceremony/${id}/${token.kind}-token`);
    else if (path !== null) expect('pin/path', path, token.folder.replace(/-token$/, '-shares'));
    return faults;
  });
}

function transcriptKeyFaults(plan: PlanFile): readonly Fault[] {
  const { transcriptKey, environment, steps } = plan;
  if (transcriptKey === undefined)
    return environment === 'production' ? [{ pointer: '', message: MESSAGES.unsigned }] : [];
  if (transcriptKey.key !== transcriptKeyLabel(plan))
    return [{ pointer: '/transcriptKey/key', message: mustBe(transcriptKeyLabel(plan)) }];
  const made = steps.some(
    (step) => step.do === 'generate-key' && step.token === transcriptKey.token && step.key === transcriptKey.key,
  );
  return made ? [] : [{ pointer: '/transcriptKey', message: MESSAGES.keyNotMade }];
}

function outputFaults(plan: PlanFile): readonly Fault[] {
  const { steps, outputs } = plan;
  const made = steps.flatMap((step) => outputsOf(step, plan).listed);
  const faults: Fault[] = [];
  made.forEach((output, at) => {
    if (made.indexOf(output) !== at)
      faults.push({
        pointer: '/steps',
        message: { fr: `${output} est produit deux fois`, en: `${output} is made twice` },
      });
    if (!outputs.includes(output))
      faults.push({ pointer: '/outputs', message: { fr: `${output} manque`, en: `${output} is missing` } });
  });
  outputs.forEach((output, at) => {
    if (!made.includes(output))
      faults.push({
        pointer: `/outputs/${at}`,
        message: { fr: `aucune étape ne produit ${output}`, en: `no step makes ${output}` },
      });
  });
  return faults;
}
