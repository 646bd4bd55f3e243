/**
 * Scripts of Unicode in which names may be written. The environment lists those that it allows.
 */
import type { Bilingual } from '../kernel/bilingual.js';

/**
 * Scripts in customary modern use (Unicode annex 31, table 5), by their property value names, with
 * the French word that follows "écriture".
 */
const SCRIPTS_IN_FRENCH = {
  Arabic: 'arabe',
  Armenian: 'arménienne',
  Bengali: 'bengalie',
  Bopomofo: 'bopomofo',
  Cyrillic: 'cyrillique',
  Devanagari: 'dévanagari',
  Ethiopic: 'éthiopienne',
  Georgian: 'géorgienne',
  Greek: 'grecque',
  Gujarati: 'goudjaratie',
  Gurmukhi: 'gourmoukhi',
  Han: 'han',
  Hangul: 'hangul',
  Hebrew: 'hébraïque',
  Hiragana: 'hiragana',
  Kannada: 'kannada',
  Katakana: 'katakana',
  Khmer: 'khmère',
  Lao: 'lao',
  Latin: 'latine',
  Malayalam: 'malayalame',
  Myanmar: 'birmane',
  Oriya: 'oriya',
  Sinhala: 'singhalaise',
  Tamil: 'tamoule',
  Telugu: 'télougou',
  Thaana: 'thâna',
  Thai: 'thaïe',
  Tibetan: 'tibétaine',
} as const;

export type Script = keyof typeof SCRIPTS_IN_FRENCH;
export const SCRIPTS = Object.keys(SCRIPTS_IN_FRENCH) as readonly Script[];

export function namesOf(scripts: readonly Script[]): Bilingual {
  return { fr: scripts.map((script) => SCRIPTS_IN_FRENCH[script]).join(', '), en: scripts.join(', ') };
}

/**
 * Scripts that are written together in one word: Chinese with phonetic signs, Japanese, Korean
 * (Unicode technical standard 39, 5.1: the augmented script sets Hanb, Jpan and Kore).
 */
export const WRITTEN_TOGETHER: readonly (readonly Script[])[] = [
  ['Han', 'Bopomofo'],
  ['Han', 'Hiragana', 'Katakana'],
  ['Han', 'Hangul'],
];
