/**
 * Scripts of Unicode in which names may be written. The environment lists those that it allows.
 */

/** Scripts in customary modern use (Unicode annex 31, table 5), by their property value names. */
export const SCRIPTS = [
  'Arabic',
  'Armenian',
  'Bengali',
  'Bopomofo',
  'Cyrillic',
  'Devanagari',
  'Ethiopic',
  'Georgian',
  'Greek',
  'Gujarati',
  'Gurmukhi',
  'Han',
  'Hangul',
  'Hebrew',
  'Hiragana',
  'Kannada',
  'Katakana',
  'Khmer',
  'Lao',
  'Latin',
  'Malayalam',
  'Myanmar',
  'Oriya',
  'Sinhala',
  'Tamil',
  'Telugu',
  'Thaana',
  'Thai',
  'Tibetan',
] as const;

export type Script = (typeof SCRIPTS)[number];

/**
 * Scripts that are written together in one word: Chinese with phonetic signs, Japanese, Korean
 * (Unicode technical standard 39, 5.1: the augmented script sets Hanb, Jpan and Kore).
 */
export const WRITTEN_TOGETHER: readonly (readonly Script[])[] = [
  ['Han', 'Bopomofo'],
  ['Han', 'Hiragana', 'Katakana'],
  ['Han', 'Hangul'],
];
