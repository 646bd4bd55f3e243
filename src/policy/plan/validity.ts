/**
 * How long a certificate is valid. The period includes both notBefore and notAfter (RFC 5280
 * 4.1.2.5), so that three years end one second before the third anniversary.
 */
import { addYears, type Instant, toSecond } from '../../kernel/clock.js';
import { DAY_MS, SECOND_MS } from '../../kernel/duration.js';
import type { Validity } from '../../x509/model.js';
import type { Profile } from '../model.js';

/** The last instant of a validity that begins at `notBefore`, to the second. */
export function lastInstantOf(notBefore: Instant, life: Profile['validity']): Instant {
  const end = 'years' in life ? addYears(notBefore, life.years) : notBefore + life.days * DAY_MS;
  return end - SECOND_MS;
}

/**
 * Completes the requested validity: it begins at the current second and lasts as long as the
 * profile allows, unless the request says otherwise.
 */
export function requestedValidity(
  requested: { readonly notBefore: Instant | null; readonly notAfter: Instant | null },
  life: Profile['validity'],
  now: Instant,
): Validity {
  const notBefore = requested.notBefore ?? toSecond(now);
  return { notBefore, notAfter: requested.notAfter ?? lastInstantOf(notBefore, life) };
}
