/**
 * Nothing outlives its issuer, so that near the end of an authority its profiles cannot give their
 * whole life any more (`rules/validity.ts` refuses what would be longer). From when on is known
 * from the first day.
 */
import { type Instant, toSecond } from '../kernel/clock.js';
import { DAY_MS, SECOND_MS } from '../kernel/duration.js';
import type { Issuer } from '../x509/model.js';
import type { Policy, Profile, ProfileId } from './model.js';
import { lastInstantOf } from './plan/validity.js';

export type Horizon = {
  readonly notAfter: Instant;
  /**
   * The first notBefore that a certificate with the whole life of its profile can no longer have,
   * by profile.
   */
  readonly shortensFrom: ReadonlyMap<ProfileId, Instant>;
};

/** Time for the ceremony of the next generation, its publication and its way to relying parties. */
export const HORIZON_NEAR_MS = 365 * DAY_MS;

/**
 * Of the generation that issues now; profiles of holders, because responders' lives are cut to fit.
 */
export function horizonOf({ profiles }: Policy, issuer: Issuer): Horizon {
  const own = [...profiles.values()].filter(
    ({ authority, holder }) => authority === issuer.authority && holder !== 'responder',
  );
  const dates = own.map((profile) => [profile.id, shortensFrom(profile.validity, issuer)] as const);
  return { notAfter: issuer.notAfter, shortensFrom: new Map(dates.sort(([one], [other]) => (one < other ? -1 : 1))) };
}

/**
 * By halves, to the second: years have different lengths, and a longer beginning never has an
 * earlier end.
 */
function shortensFrom(life: Profile['validity'], { notBefore, notAfter }: Issuer): Instant {
  let whole = toSecond(notBefore) - SECOND_MS;
  let short = toSecond(notAfter) + SECOND_MS;
  while (short - whole > SECOND_MS) {
    const between = toSecond((whole + short) / 2);
    if (lastInstantOf(between, life) > notAfter) short = between;
    else whole = between;
  }
  return short;
}

export type HorizonState = 'open' | 'near' | 'shortens';

/** Of the profile that is shortened first. */
export function horizonState({ shortensFrom: dates }: Horizon, now: Instant): HorizonState {
  const first = Math.min(...dates.values());
  return now >= first ? 'shortens' : now >= first - HORIZON_NEAR_MS ? 'near' : 'open';
}
