/** Dates and times in words. All are in UTC. */
import type { Bilingual, Language } from '../../kernel/bilingual.js';
import type { Instant } from '../../kernel/clock.js';

/** `28/11/2026`, or `2026-11-28` in English. */
export function dayText(language: Language, at: Instant): string {
  const [year, month, date] = new Date(at).toISOString().slice(0, 10).split('-');
  return language === 'fr' ? `${date}/${month}/${year}` : `${year}-${month}-${date}`;
}

/** `28/11/2026 19:04:05 UTC`, or `2026-11-28 19:04:05 UTC` in English. */
export function timeText(language: Language, at: Instant): string {
  return `${dayText(language, at)} ${new Date(at).toISOString().slice(11, 19)} UTC`;
}

/** A time as a part of a sentence. */
export function timeWords(at: Instant): Bilingual {
  return { fr: timeText('fr', at), en: timeText('en', at) };
}

/** Thin spaces in French and commas in English, as the two languages group digits. */
export function numberText(language: Language, value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, language === 'fr' ? '\u202f' : ',');
}

export function numberWords(value: number): Bilingual {
  return { fr: numberText('fr', value), en: numberText('en', value) };
}

/** `1,5` in French; a value that rounds to zero has no sign. */
export function decimalText(language: Language, value: number): string {
  const written = (Math.round(value * 10) / 10 || 0).toFixed(1);
  return language === 'fr' ? written.replace('.', ',') : written;
}
