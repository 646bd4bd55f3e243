/**
 * Lets people compare a bundle with the printed sheet that came separately: they compare the words
 * of its hash, and type the last words from the sheet.
 */

import { renderUnicodeCompact } from 'uqr';
import { present } from '../../kernel/assert.js';
import { type Bilingual, inBothLanguages, untranslated } from '../../kernel/bilingual.js';
import { fromHex } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { StepFailure } from '../failures.js';
import { hashWords, isListed, nearestWords, plainWord } from '../mnemonic.js';
import type { Entry } from '../transcript/transcript.js';
import { askLine, noAnswerFailure, type WrongTry } from './ask.js';
import type { SittingContext } from './confirm.js';
import { heading, rowOf, type ScreenLine } from './terminal.js';

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

/** Shows the hash of a bundle as words and as a QR code, which people at both machines compare. */
const WORDS_PER_LINE = 6;
/**
 * The number of last words that the importing machine does not show, so that people must type them
 * from the sheet.
 */
const WORDS_TYPED = 4;

export function wordsOfHash(sha256: string): readonly string[] {
  return hashWords(present(fromHex(sha256), 'a hash in hex'));
}

/**
 * Makes the sheet of a bundle: its hash, all 24 words, and a QR code of the hash in hexadecimal.
 */
export function bundleSheet(what: Bilingual, sha256: string): readonly ScreenLine[] {
  return [
    ...heading(what),
    rowOf(untranslated('SHA-256'), untranslated(sha256)),
    ...numberedWords(wordsOfHash(sha256)),
    ...renderUnicodeCompact(sha256).split('\n').map(untranslated),
  ];
}

/** Puts the words in lines of six, each with its number on the sheet. */
function numberedWords(words: readonly string[]): readonly ScreenLine[] {
  const numbered = words.map((word, at) => `${String(at + 1).padStart(2)} ${word}`.padEnd(13));
  return Array.from({ length: Math.ceil(numbered.length / WORDS_PER_LINE) }, (_, row) =>
    untranslated(numbered.slice(row * WORDS_PER_LINE, (row + 1) * WORDS_PER_LINE).join('')),
  );
}
