/** Values of profiles as texts. */
import { type Bilingual, joinTexts } from '../../../kernel/bilingual.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../kernel/duration.js';
import type { Profile } from '../../../policy/model.js';
import { filled } from '../../words/filled.js';
import { PROFILE_WORDS as WORDS } from '../../words/profiles.js';

/** A fact whose value is words; null: there is nothing to say. */
export type WordFact = { readonly label: Bilingual; readonly value: Bilingual | null };

export function validityText(validity: Profile['validity']): Bilingual {
  return 'years' in validity ? counted(WORDS.years, validity.years) : counted(WORDS.days, validity.days);
}

/** In the largest unit that divides it. */
export function durationText(ms: number): Bilingual {
  if (ms % DAY_MS === 0) return counted(WORDS.days, ms / DAY_MS);
  if (ms % HOUR_MS === 0) return counted(WORDS.hours, ms / HOUR_MS);
  return counted(WORDS.minutes, Math.round(ms / MINUTE_MS));
}

function counted(words: Bilingual, count: number): Bilingual {
  return filled(words, { count: String(count) });
}

/** Several values in one line; null: there is none. */
export function listed(values: readonly Bilingual[]): Bilingual | null {
  return values.length === 0 ? null : joinTexts(values, ', ');
}
