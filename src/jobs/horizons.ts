/**
 * Authorities whose end is so near that their profiles no longer get their whole life, or soon will not: told when the service
 * starts and once a day, so that the ceremony of the next generation is held in time.
 */
import { formatInstant, type Instant } from '../kernel/clock.js';
import { DAY_MS } from '../kernel/duration.js';
import type { Issuers, World } from '../operations/world.js';
import { HORIZON_NEAR_MS, type Horizon, type HorizonState, horizonOf, horizonState } from '../policy/horizon.js';
import type { Policy } from '../policy/model.js';
import type { Issuer } from '../x509/model.js';

export const HORIZONS_EVERY_MS = DAY_MS;

export type IssuerHorizon = { readonly issuer: Issuer; readonly horizon: Horizon };

/** Of each generation that issues now. */
export function horizonsOf(policy: Policy, issuers: Pick<Issuers, 'current'>): readonly IssuerHorizon[] {
  return [...policy.authorities.values()].flatMap(({ id, kind }) => {
    const issuer = kind === 'issuing' ? issuers.current(id) : null;
    return issuer === null ? [] : [{ issuer, horizon: horizonOf(policy, issuer) }];
  });
}

export function horizonStates(
  horizons: readonly IssuerHorizon[],
  now: Instant,
): Readonly<Record<string, HorizonState>> {
  return Object.fromEntries(horizons.map(({ issuer, horizon }) => [issuer.id, horizonState(horizon, now)]));
}

/** One line an authority, with the profiles that it is about. */
export function warnOfHorizons({
  policy,
  issuers,
  clock,
  log,
}: Pick<World, 'policy' | 'issuers' | 'clock' | 'log'>): void {
  const now = clock();
  for (const { issuer, horizon } of horizonsOf(policy, issuers)) {
    const state = horizonState(horizon, now);
    if (state === 'open') continue;
    const soon = [...horizon.shortensFrom].filter(([, from]) => from <= now + HORIZON_NEAR_MS);
    const profiles = Object.fromEntries(soon.map(([profile, from]) => [profile, formatInstant(from)]));
    const fields = { issuer: issuer.id, notAfter: formatInstant(horizon.notAfter), profiles };
    if (state === 'shortens') log.error('horizon.shortens', fields);
    else log.warn('horizon.near', fields);
  }
}
