/** Writes moments in words, so that people can read them aloud. */
import type { Bilingual } from '../kernel/bilingual.js';
import type { Instant } from '../kernel/clock.js';

const DAYS_FR = 'dimanche lundi mardi mercredi jeudi vendredi samedi'.split(' ');
const DAYS_EN = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const MONTHS_FR = 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' ');
const MONTHS_EN = 'January February March April May June July August September October November December'.split(' ');

/** Writes a moment in UTC with its weekday, to the second: `Sunday 1 March 2026, 10:00:00 UTC`. */
export function instantInWords(at: Instant): Bilingual {
  const date = new Date(at);
  const [day, month, year] = [date.getUTCDate(), date.getUTCMonth(), date.getUTCFullYear()];
  const time = `${date.toISOString().slice(11, 19)} UTC`;
  const weekday = date.getUTCDay();
  return {
    fr: `${DAYS_FR[weekday]} ${day === 1 ? '1er' : day} ${MONTHS_FR[month]} ${year}, ${time}`,
    en: `${DAYS_EN[weekday]} ${day} ${MONTHS_EN[month]} ${year}, ${time}`,
  };
}
