/**
 * Compares a bundle with the printed sheet that came by another way: people compare the words of
 * its hash, and type the last words from the sheet.
 */

import { inBothLanguages, untranslated } from '../../kernel/bilingual.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { StepFailure } from '../failures.js';
import { sameWords } from '../mnemonic.js';
import type { Entry } from '../transcript/transcript.js';
import type { PeoplePresent } from './people-present.js';
import { WORDS_TYPED, wordsOfHash } from './show-hash.js';

export type BundleReference = { readonly bundle: string; readonly sha256: string };

const OTHER_WORDS = { fr: 'ses mots ne sont pas ceux de la fiche', en: 'its words differ from the sheet' };

/**
 * Asks for the last words without showing them, so that only a person who has the sheet can type
 * them.
 */
export async function compareBundle(
  { terminal, note, people }: PeoplePresent,
  { bundle, sha256 }: BundleReference,
): Promise<Result<void, StepFailure>> {
  const words = wordsOfHash(sha256);
  const [shown, typed] = [words.slice(0, -WORDS_TYPED), words.slice(-WORDS_TYPED)];
  const title = {
    fr: `Paquet ${bundle} : mots 1 à ${shown.length}`,
    en: `bundle ${bundle}: words 1 to ${shown.length}`,
  };
  terminal.show([inBothLanguages(title), shown.join(' ')]);
  const answer = await terminal.ask({
    about: 'code',
    code: typed.join(' '),
    fr: `comparez-les à la fiche, puis tapez les ${WORDS_TYPED} derniers mots de la fiche`,
    en: `compare them with the sheet, then type the last ${WORDS_TYPED} words of the sheet`,
  });
  if (answer === null || !sameWords(answer, typed))
    return err({ kind: 'artefact-wrong', artefact: untranslated(bundle), detail: OTHER_WORDS });
  const master = people.find(({ role }) => role === 'master-of-ceremonies');
  await note('confirm', { artefact: bundle, bundleSha256: sha256, by: master?.name ?? null });
  return ok(undefined);
}

/** Whether an entry of the transcript records this comparison, with the same hash. */
export function isCompared(
  entries: readonly Pick<Entry, 'action' | 'result'>[],
  { bundle, sha256 }: BundleReference,
): boolean {
  return entries.some(
    ({ action, result }) => action === 'confirm' && result.artefact === bundle && result.bundleSha256 === sha256,
  );
}
