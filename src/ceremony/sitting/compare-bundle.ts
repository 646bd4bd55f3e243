/** A bundle is the one of the sheet that came by another way: its words are compared, and the last ones typed from there. */
import { err, ok, type Result } from '../../kernel/result.js';
import { both, same } from '../bilingual.js';
import type { StepFailure } from '../failures.js';
import { sameWords } from '../mnemonic.js';
import type { Entry } from '../transcript/transcript.js';
import type { Assembly } from './people-present.js';
import { WORDS_TYPED, wordsOfHash } from './show-hash.js';

export type Carried = { readonly bundle: string; readonly sha256: string };

const OTHER_WORDS = { fr: 'ses mots ne sont pas ceux de la fiche', en: 'its words are not those of the sheet' };

/** These words are not shown here: who has another bundle does not know them. */
export async function compare(
  { terminal, note, people }: Assembly,
  { bundle, sha256 }: Carried,
): Promise<Result<void, StepFailure>> {
  const words = wordsOfHash(sha256);
  const [seen, typed] = [words.slice(0, -WORDS_TYPED), words.slice(-WORDS_TYPED)];
  const what = { fr: `Paquet ${bundle} : mots 1 à ${seen.length}`, en: `bundle ${bundle}: words 1 to ${seen.length}` };
  terminal.show([both(what), seen.join(' ')]);
  const answer = await terminal.ask({
    about: 'code',
    code: typed.join(' '),
    fr: `comparez-les à la fiche, puis tapez les ${WORDS_TYPED} derniers mots de la fiche`,
    en: `compare them with the sheet, then type the last ${WORDS_TYPED} words of the sheet`,
  });
  if (answer === null || !sameWords(answer, typed))
    return err({ kind: 'artefact-wrong', artefact: same(bundle), detail: OTHER_WORDS });
  const master = people.find(({ role }) => role === 'master-of-ceremonies');
  await note('confirm', { artefact: bundle, bundleSha256: sha256, by: master?.name ?? null });
  return ok(undefined);
}

/** That a line says so of this very bundle. */
export function isCompared(entries: readonly Pick<Entry, 'action' | 'result'>[], { bundle, sha256 }: Carried): boolean {
  return entries.some(
    ({ action, result }) => action === 'confirm' && result.artefact === bundle && result.bundleSha256 === sha256,
  );
}
