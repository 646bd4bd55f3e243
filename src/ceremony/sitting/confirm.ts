/**
 * Shows what is about to be signed, and asks the master of ceremonies to read aloud and type a
 * code of its bytes. Nothing is signed without this confirmation.
 */

import { inBothLanguages } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { StepFailure } from '../failures.js';
import type { PeoplePresent } from './people-present.js';

export type ShownArtefact = {
  readonly artefact: string;
  /** To-be-signed bytes, which passed the lint. */
  readonly tbs: Bytes;
  readonly lines: readonly string[];
};

/**
 * The code is short enough to be read aloud, and too long to be forged during a ceremony: eight
 * hexadecimal digits.
 */
function codeOf(tbs: Bytes): string {
  return codeOfHash(sha256Hex(tbs));
}

export function codeOfHash(sha256: string): string {
  return `${sha256.slice(0, 4)} ${sha256.slice(4, 8)}`;
}

const LINTED = inBothLanguages({
  fr: 'Contrôles avant signature : aucune remarque',
  en: 'Lint before signing: no finding',
});
const OTHER_CODE = inBothLanguages({ fr: "ce n'est pas ce code", en: 'this is not the code' });

export async function confirm(
  { terminal, note, people }: PeoplePresent,
  { artefact, tbs, lines }: ShownArtefact,
): Promise<Result<void, StepFailure>> {
  const code = codeOf(tbs);
  const toBeSignedSha256 = sha256Hex(tbs);
  terminal.show([
    ...lines,
    LINTED,
    `SHA-256 (${inBothLanguages({ fr: 'à signer', en: 'to be signed' })}): ${toBeSignedSha256}`,
  ]);
  const master = people.find(({ role }) => role === 'master-of-ceremonies');
  for (;;) {
    const answer = await terminal.ask({
      about: 'code',
      code,
      fr: `${artefact} : le maître de cérémonie lit ce code à voix haute, puis le tape : ${code} (rien pour ne pas signer)`,
      en: `${artefact}: the master of ceremonies reads this code aloud, then types it: ${code} (leave empty not to sign)`,
    });
    if (answer === null || answer.trim() === '')
      return err({ kind: 'given-up', what: { fr: `signature de ${artefact}`, en: `signing ${artefact}` } });
    if (answer.replace(/\s/gu, '').toLowerCase() === code.replace(' ', '')) break;
    terminal.show([OTHER_CODE]);
    await note('try-again', { artefact, kind: 'code-differs', detail: OTHER_CODE });
  }
  await note('confirm', { artefact, toBeSignedSha256, code, by: master?.name ?? null });
  return ok(undefined);
}
