/**
 * Lets people compare a bundle with the printed sheet that came separately: they compare the words
 * of its hash, and type the last words from the sheet.
 */
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { StepFailure } from '../failures.js';
import { isListed, nearestWords, plainWord } from '../mnemonic.js';
import type { Entry } from '../transcript/transcript.js';
import { askLine, noAnswerFailure, type WrongTry } from './ask.js';
import { heading } from './screen.js';
import { numberedWords, WORDS_TYPED, wordsOfHash } from './show-hash.js';
import type { SittingContext } from './sitting-context.js';

export type BundleReference = { readonly bundle: string; readonly sha256: string };

/**
 * Shows all words except the last ones, and asks for these, so that only a person who has the sheet
 * can type them. The message about a wrong word says its place, or similar words of the list;
 * neither reveals the expected word. Every wrong try is recorded.
 */
export async function compareBundle(
  { terminal, note, people }: SittingContext,
  { bundle, sha256 }: BundleReference,
): Promise<Result<void, StepFailure>> {
  const words = wordsOfHash(sha256);
  const [shown, hidden] = [words.slice(0, -WORDS_TYPED), words.slice(-WORDS_TYPED)];
  const title = {
    fr: `Paquet ${bundle} : mots 1 à ${shown.length}`,
    en: `Bundle ${bundle}: words 1 to ${shown.length}`,
  };
  terminal.show([...heading(title), ...numberedWords(shown)]);
  const refusal = {
    fr: `le paquet ${bundle}, qui ne correspond pas à la fiche`,
    en: `bundle ${bundle}, which does not match the sheet`,
  };
  const typed = await askLine(terminal, {
    question: {
      about: 'code',
      code: hidden.join(' '),
      fr: `comparez-les à la fiche, puis tapez les ${WORDS_TYPED} derniers mots de la fiche`,
      en: `compare them with the sheet, then type the last ${WORDS_TYPED} words of the sheet`,
    },
    expected: {
      fr: `les ${WORDS_TYPED} derniers mots de la fiche`,
      en: `the last ${WORDS_TYPED} words of the sheet`,
    },
    refusal,
    read: (answer) => readWords(answer, hidden, shown.length),
    record: ({ kind, detail }) => note('try-again', { artefact: bundle, kind, detail: inBothLanguages(detail) }),
  });
  if (!typed.ok) return err(noAnswerFailure(typed.error, refusal));
  const master = people.find(({ role }) => role === 'master-of-ceremonies');
  await note('confirm', { artefact: bundle, bundleSha256: sha256, by: master?.name ?? null });
  return ok(undefined);
}

/**
 * Compares the typed words with the hidden ones. `before`: the number of words on the sheet before
 * them.
 */
function readWords(typed: string, hidden: readonly string[], before: number): Result<void, WrongTry> {
  const words = typed.split(/[\s,;]+/u).filter((word) => word !== '');
  if (words.length !== hidden.length) return err({ kind: 'words-differ', detail: notAsMany(words.length) });
  const unlisted = words.findIndex((word) => !isListed(word));
  const word = words[unlisted];
  if (word !== undefined) return err({ kind: 'words-differ', detail: notListed(before + unlisted + 1, word) });
  const others = words.flatMap((one, at) => (plainWord(one) === plainWord(hidden[at] ?? '') ? [] : [before + at + 1]));
  return others.length === 0 ? ok(undefined) : err({ kind: 'words-differ', detail: anotherThanFiles(others) });
}

function notAsMany(typed: number): Bilingual {
  return {
    fr: `mots attendus : les ${WORDS_TYPED} derniers de la fiche ; mots tapés : ${typed}. Tapez-les de nouveau`,
    en: `words expected: the last ${WORDS_TYPED} of the sheet; words typed: ${typed}. Type them again`,
  };
}

function notListed(number: number, word: string): Bilingual {
  const near = nearestWords(word);
  const [fr, en] =
    near.length === 0 ? ['.', '.'] : [` : est-ce ${near.join(' ou ')} ?`, `: did you mean ${near.join(' or ')}?`];
  return {
    fr: `le mot ${number} n'est pas dans la liste${fr} Relisez la fiche et tapez les mots de nouveau`,
    en: `word ${number} is not in the list${en} Read the sheet and type the words again`,
  };
}

function anotherThanFiles(numbers: readonly number[]): Bilingual {
  if (numbers.length === 1)
    return {
      fr: `le mot ${numbers[0]} diffère de celui du fichier : relisez la fiche et tapez les mots de nouveau`,
      en: `word ${numbers[0]} differs from that of the file: read the sheet and type the words again`,
    };
  const which = numbers.join(', ');
  return {
    fr: `les mots ${which} diffèrent de ceux du fichier : est-ce la bonne fiche ? Relisez-la et tapez les mots de nouveau`,
    en: `words ${which} differ from those of the file: is it the right sheet? Read it and type the words again`,
  };
}

/**
 * Whether an entry of the transcript records that the words of this bundle, with this hash, were
 * compared.
 */
export function isCompared(
  entries: readonly Pick<Entry, 'action' | 'result'>[],
  { bundle, sha256 }: BundleReference,
): boolean {
  return entries.some(
    ({ action, result }) => action === 'confirm' && result.artefact === bundle && result.bundleSha256 === sha256,
  );
}
