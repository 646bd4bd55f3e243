/** The words that people type as answers. Each is accepted in French and in English. */
import type { Bilingual } from '../../kernel/bilingual.js';

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
