/**
 * Shows a certificate or CRL that is about to be signed, and asks the master of ceremonies to read
 * aloud and type a code of its bytes. No certificate and no CRL of a ceremony is signed without
 * this confirmation.
 */
import { inBothLanguages, untranslated } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { StepFailure } from '../failures.js';
import { askLine, noAnswerFailure, type WrongTry } from './ask.js';
import { rowOf, type ScreenLine } from './screen.js';
import type { SittingContext } from './sitting-context.js';

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
