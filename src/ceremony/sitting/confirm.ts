/**
 * Shows a certificate or CRL that is about to be signed, and asks the master of ceremonies to read
 * aloud and type a code of its bytes. No certificate and no CRL of a ceremony is signed without
 * this confirmation.
 */
import { type Bilingual, inBothLanguages, untranslated } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { StepFailure } from '../failures.js';
import type { Person } from '../plan/model.js';
import type { Facts, StepEvent } from '../transcript/transcript.js';
import { askLine, noAnswerFailure, readDone, type WrongTry } from './ask.js';
import { QUOTED_WORDS, rowOf, type ScreenLine, type Terminal } from './terminal.js';

export type ShownArtefact = {
  readonly artefact: string;
  /** The bytes to be signed. They have passed the lint. */
  readonly tbs: Bytes;
  readonly lines: readonly ScreenLine[];
};

/**
 * Returns the code of the bytes: the first eight hexadecimal digits of their SHA-256, short enough
 * to be read aloud. The whole hash is on the screen and in the transcript.
 */
function codeOf(tbs: Bytes): string {
  return codeOfHash(sha256Hex(tbs));
}

/** Returns the code for a hash: its first eight digits, in two groups of four. */
export function codeOfHash(sha256: string): string {
  return `${sha256.slice(0, 4)} ${sha256.slice(4, 8)}`;
}

const LINTED = rowOf(
  { fr: 'contrôles', en: 'lint' },
  { fr: 'aucune anomalie (avant signature)', en: 'no finding (before signing)' },
);
const TO_BE_SIGNED = { fr: 'SHA-256 (données à signer)', en: 'SHA-256 (to be signed)' };
const OTHER_CODE: WrongTry = {
  kind: 'code-differs',
  detail: { fr: "ce n'est pas le code affiché", en: 'this is not the code on the screen' },
};

export async function confirm(
  { terminal, note, people }: SittingContext,
  { artefact, tbs, lines }: ShownArtefact,
): Promise<Result<void, StepFailure>> {
  const code = codeOf(tbs);
  const toBeSignedSha256 = sha256Hex(tbs);
  terminal.show([...lines, LINTED, rowOf(TO_BE_SIGNED, untranslated(toBeSignedSha256))]);
  const master = people.find(({ role }) => role === 'master-of-ceremonies');
  const refusal = { fr: `la signature de ${artefact}`, en: `the signature of ${artefact}` };
  const typed = await askLine(terminal, {
    question: {
      about: 'code',
      code,
      fr: `${artefact} : le maître de cérémonie lit ce code à voix haute, puis le tape : ${code}`,
      en: `${artefact}: the master of ceremonies reads this code aloud, then types it: ${code}`,
    },
    expected: { fr: 'le code affiché', en: 'the code on the screen' },
    refusal,
    read: (answer) =>
      answer.replace(/\s/gu, '').toLowerCase() === code.replace(' ', '') ? ok(undefined) : err(OTHER_CODE),
    record: ({ kind, detail }) => note('try-again', { artefact, kind, detail: inBothLanguages(detail) }),
  });
  if (!typed.ok) return err(noAnswerFailure(typed.error, refusal));
  await note('confirm', { artefact, toBeSignedSha256, code, by: master?.name ?? null });
  return ok(undefined);
}

/** What the questions of a ceremony use: the terminal, the transcript and the people present. */
export type SittingContext = {
  readonly terminal: Terminal;
  /** Appends an entry about an event within a step. */
  readonly note: (action: StepEvent, result: Facts) => Promise<void>;
  readonly people: readonly Person[];
};

/**
 * Asks the HSM operator to do something with the tools of the vendor that PKCS#11 has no function
 * for, and records that it was done.
 */
export type OperatorAct = { readonly token: string; readonly what: Bilingual; readonly instructions: Bilingual };

export async function operate(
  { terminal, note, people }: SittingContext,
  { token, what, instructions }: OperatorAct,
): Promise<Result<void, StepFailure>> {
  terminal.show([what, { fr: `    ${instructions.fr}`, en: `    ${instructions.en}` }]);
  const done = await askLine(terminal, {
    question: {
      about: 'operate',
      token,
      fr: `Opérateur du HSM : exécutez cette opération, puis tapez ${QUOTED_WORDS.done.fr}`,
      en: `HSM operator: perform this operation, then type ${QUOTED_WORDS.done.en}`,
    },
    expected: { fr: `${QUOTED_WORDS.done.fr} quand c'est fait`, en: `${QUOTED_WORDS.done.en} when it is done` },
    refusal: { fr: `cette opération sur le jeton ${token}`, en: `this operation on token ${token}` },
    read: readDone,
  });
  if (!done.ok) return err(noAnswerFailure(done.error, what));
  const operator = people.find(({ role }) => role === 'hsm-operator');
  await note('operate', { token, instructions: { ...instructions }, by: operator?.name ?? null });
  return ok(undefined);
}
