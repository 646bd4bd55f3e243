/** The port through which a ceremony shows texts to people and asks them questions. */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Person } from '../plan/model.js';

/**
 * A question to people. `about` and the members beside it are for programs that answer instead of
 * people: rehearsals and tests.
 */
export type Question = Bilingual &
  /** Asks whether to begin or continue. `isReady`: nothing that the plan needs is missing. */
  (
    | { readonly about: 'begin'; readonly isReady: boolean }
    /** Asks whether this person is present. */
    | { readonly about: 'present'; readonly person: Person }
    /**
     * Asks whether the roll call is correct. `isComplete`: nobody that the plan requires is
     * missing.
     */
    | { readonly about: 'roll-call'; readonly isComplete: boolean }
    /**
     * Asks for the code that the master of ceremonies reads aloud, or for the last words of the
     * sheet of a bundle.
     */
    | { readonly about: 'code'; readonly code: string }
    /**
     * Asks for the number of a share or the path of its file. `given`: the numbers of the shares
     * that were accepted already.
     */
    | { readonly about: 'share'; readonly shares: number; readonly given: readonly number[] }
    /** Asks for the path of the private key that decrypts the share of this holder. */
    | { readonly about: 'key-file'; readonly holder: string }
    /** Asks for the word `done` when the quorum of the HSM has opened the token. */
    | { readonly about: 'hsm'; readonly token: string }
    /** Asks for the word `done` when the operator has followed the instructions. */
    | { readonly about: 'operate'; readonly token: string }
    /** Asks whether the person who typed the word of refusal means it. */
    | { readonly about: 'refusal' }
  );

export type SecretQuestion = Bilingual & {
  readonly about: 'new-passphrase' | 'passphrase' | 'key-passphrase';
  readonly token: string;
  /** The number of the share. */
  readonly number: number;
  readonly holder: string;
};

export type Terminal = {
  readonly show: (lines: readonly ScreenLine[]) => void;
  /** Asks for one line. `null`: the person interrupted the ceremony. */
  readonly ask: (question: Question) => Promise<string | null>;
  /**
   * Asks for a secret without echo, as bytes that the caller overwrites. `null`: the person
   * interrupted the ceremony.
   */
  readonly askSecret: (question: SecretQuestion) => Promise<Bytes | null>;
};

/**
 * The lines of text that a ceremony shows, in both languages. The terminal chooses the language and
 * wraps long lines.
 */

/** A text, or a label in a column of its own with its value beside it. */
export type ScreenLine = Bilingual | ScreenRow;
type ScreenRow = { readonly label: Bilingual; readonly value: Bilingual };

/** Writes a bilingual text in one language, or in both. */
export type TextMaker = (text: Bilingual) => string;

export const BLANK: ScreenLine = { fr: '', en: '' };

export function heading(text: Bilingual): readonly ScreenLine[] {
  return [BLANK, { fr: `== ${text.fr} ==`, en: `== ${text.en} ==` }];
}

/** Makes an indented item of a list. */
export function item(text: Bilingual): ScreenLine {
  return { fr: `  - ${text.fr}`, en: `  - ${text.en}` };
}

/** Makes an item of a numbered list. */
export function numbered(number: number, { fr, en }: Bilingual): ScreenLine {
  const place = `${number}.`.padStart(5);
  return { fr: `${place} ${fr}`, en: `${place} ${en}` };
}

export function rowOf(label: Bilingual, value: Bilingual): ScreenRow {
  return { label, value };
}

/** The words that people type as answers. Each is accepted in French and in English. */
const WORDS = {
  yes: ['oui', 'o', 'yes', 'y'],
  no: ['non', 'n', 'no'],
  refuse: ['refuser', 'refuse'],
  continue: ['continuer', 'continue'],
  check: ['vérifier', 'verifier', 'check'],
  done: ['fait', 'done'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type Word = keyof typeof WORDS;

/**
 * Whether the typed text is this word, in either language. Case and spaces around it do not matter.
 */
export function isWord(typed: string, word: Word): boolean {
  return WORDS[word].some((one) => one === typed.trim().normalize('NFC').toLowerCase());
}

/** The words in quotation marks, as questions name them. */
export const QUOTED_WORDS = {
  yes: { fr: '« oui »', en: '"yes"' },
  no: { fr: '« non »', en: '"no"' },
  refuse: { fr: '« refuser »', en: '"refuse"' },
  continue: { fr: '« continuer »', en: '"continue"' },
  check: { fr: '« vérifier »', en: '"check"' },
  done: { fr: '« fait »', en: '"done"' },
} as const satisfies Readonly<Record<Word, Bilingual>>;
