/** The option of commands that show one language on each line. */
import { Option } from 'commander';
import { inBothLanguages, type Language } from '../../kernel/bilingual.js';

const DEFAULT: Language = 'fr';

export function languageOption(): Option {
  return new Option('--lang <language>', inBothLanguages({ fr: 'langue', en: 'language' }))
    .choices(['fr', 'en'] satisfies Language[])
    .default(DEFAULT);
}
