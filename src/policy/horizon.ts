/**
 * No certificate outlives its issuer. Near the end of an authority its profiles can therefore no
 * longer give their whole validity, and `rules/validity.ts` rejects requests for it. This file
 * computes when that begins.
 */
import { type Instant, toSecond } from '../kernel/clock.js';
import { DAY_MS, SECOND_MS } from '../kernel/duration.js';
import type { Issuer } from '../x509/model.js';
import type { Policy, Profile, ProfileId } from './model.js';
import { isOwnSigner } from './own-signers.js';
import { lastInstantOf } from './plan/validity.js';

export type Horizon = {
  readonly notAfter: Instant;
  /**
   * For each profile, the first notBefore at which a certificate can no longer have the whole
   * validity.
   */
  readonly shortensFrom: ReadonlyMap<ProfileId, Instant>;
};

/**
 * Time for the ceremony of the next generation, its publication and its distribution to relying
 * parties.
 */
export const HORIZON_NEAR_MS = 365 * DAY_MS;

/**
 * The horizon of the generation that issues now. It covers the profiles of holders only, because
 * responders' validity is shortened to fit.
 */
export function horizonOf({ profiles }: Policy, issuer: Issuer): Horizon {
  const own = [...profiles.values()].filter(
    ({ authority, holder }) => authority === issuer.authority && !isOwnSigner(holder),
  );
  const dates = own.map((profile) => [profile.id, shortensFrom(profile.validity, issuer)] as const);
  return { notAfter: issuer.notAfter, shortensFrom: new Map(dates.sort(([one], [other]) => (one < other ? -1 : 1))) };
}

/**
 * A binary search, to the second: years differ in length, and a later notBefore never gives an
 * earlier notAfter.
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

/** The state of the profile that is shortened first. */
export function horizonState({ shortensFrom: dates }: Horizon, now: Instant): HorizonState {
  const first = Math.min(...dates.values());
  return now >= first ? 'shortens' : now >= first - HORIZON_NEAR_MS ? 'near' : 'open';
}
