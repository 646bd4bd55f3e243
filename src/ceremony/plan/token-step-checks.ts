/** What a plan must get right about the back-up of a token and its restoration. */
import type { Bilingual } from '../bilingual.js';
import { backUpPaths, restoredPath } from './paths.js';
import { type Around, type Fault, mustBe } from './step-checks.js';
import type { TokenStep } from './token-steps.js';
import { transcriptKeyLabel } from './transcript-key.js';

const WORDS = {
  noFiles: {
    fr: "un HSM n'a pas de fichiers à copier : `vendor`, et ce que fait son opérateur",
    en: 'an HSM has no files to be copied: `vendor`, and what its operator does',
  },
  sealCopied: {
    fr: 'la clé de la cérémonie, qui sera détruite, serait dans la sauvegarde : générez-la après',
    en: 'the key of the ceremony, which is to be destroyed, would be in the back-up: make it afterwards',
  },
  usedBefore: {
    fr: 'une étape précédente emploie déjà ce jeton',
    en: 'an earlier step uses this token already',
  },
  anyRecord: {
    fr: "`*` est pour les répétitions : nommez l'empreinte de la fiche de sauvegarde",
    en: '`*` is for rehearsals: name the hash of the record of the back-up',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

export function tokenStepFaults(step: TokenStep, { plan, before }: Around): readonly Fault[] {
  const faults: Fault[] = [];
  const expect = (pointer: string, found: string, expected: string) => {
    if (found !== expected) faults.push({ pointer, message: mustBe(expected) });
  };
  const keeping = plan.tokens.find(({ name }) => name === step.token)?.pin.kind;
  if (step.copy.by === 'files' && keeping === 'hsm') faults.push({ pointer: '/copy/by', message: WORDS.noFiles });
  if (step.do === 'back-up-token') {
    const paths = backUpPaths(plan, step);
    expect('/output', step.output, paths.record);
    if (step.copy.by === 'files') expect('/copy/output', step.copy.output, paths.copy);
    const isSealThere = before.some(
      (other) => other.do === 'generate-key' && other.token === step.token && other.key === transcriptKeyLabel(plan),
    );
    if (isSealThere) faults.push({ pointer: '', message: WORDS.sealCopied });
    return faults;
  }
  expect('/output', step.output, restoredPath(plan, step));
  if (before.some((other) => 'token' in other && other.token === step.token))
    faults.push({ pointer: '/token', message: WORDS.usedBefore });
  if (step.recordSha256 === '*' && plan.environment === 'production')
    faults.push({ pointer: '/recordSha256', message: WORDS.anyRecord });
  return faults;
}
