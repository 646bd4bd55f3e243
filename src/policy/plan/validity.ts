/**
 * How long a certificate lives. The period runs from notBefore through notAfter, both included (RFC
 * 5280 4.1.2.5), so one of three years ends a second before the third anniversary: on it, it would
 * be a second too long.
 */
import { addYears, type Instant, toSecond } from '../../kernel/clock.js';
import { DAY_MS, SECOND_MS } from '../../kernel/duration.js';
import type { Validity } from '../../x509/model.js';
import type { Profile } from '../model.js';

/** The last instant of a life that begins at `notBefore`, to the second. */
export function lastInstantOf(notBefore: Instant, life: Profile['validity']): Instant {
  const end = 'years' in life ? addYears(notBefore, life.years) : notBefore + life.days * DAY_MS;
  return end - SECOND_MS;
}

/**
 * What was asked for, completed: from the whole second of now, for as long as the profile lets it.
 */
export function validityAsked(
  asked: { readonly notBefore: Instant | null; readonly notAfter: Instant | null },
  life: Profile['validity'],
  now: Instant,
): Validity {
  const notBefore = asked.notBefore ?? toSecond(now);
  return { notBefore, notAfter: asked.notAfter ?? lastInstantOf(notBefore, life) };
}
