/** The language of a command that shows one language on each line. */
import { Option } from 'commander';
import { inBothLanguages } from '../../kernel/bilingual.js';

export type Language = 'fr' | 'en';

export function languageOption(): Option {
  return new Option('--lang <language>', inBothLanguages({ fr: 'langue', en: 'language' }))
    .choices(['fr', 'en'])
    .default('fr');
}
