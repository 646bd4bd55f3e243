/**
 * Warns once a day of certificates for which a ceremony has to make a successor:
 * - each issuing CA that reaches its horizon within a year, or has reached it. From its horizon on,
 *   the certificate of the CA ends too soon for the full validity of some profiles;
 * - each CMP signer whose certificate ends within 90 days or has ended.
 */
import { formatInstant, type Instant } from '../kernel/clock.js';
import { DAY_MS, MINUTE_MS } from '../kernel/duration.js';
import { CMP_SIGNER_ENDS_SOON_MS } from '../operations/cmp/cmp-signers.js';
import type { Issuers, World } from '../operations/world.js';
import { HORIZON_NEAR_MS, type Horizon, type HorizonState, horizonOf, horizonState } from '../policy/horizon.js';
import type { Policy } from '../policy/model.js';
import type { Issuer } from '../x509/model.js';
import { CLUSTER_ITEMS, type SharedJob } from './job.js';

type HorizonParts = Pick<World, 'policy' | 'issuers' | 'cmpSigners' | 'clock' | 'log'>;

export const warnOfHorizonsDailyJob: SharedJob<HorizonParts> = {
  name: 'horizons',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: DAY_MS,
  leaseDurationMs: MINUTE_MS,
  budgetMs: MINUTE_MS,
  isEssential: false,
  prepare: (parts) => ({
    due: async () => CLUSTER_ITEMS,
    work: async () => {
      warnOfHorizons(parts);
      warnOfCmpSigners(parts);
      return 'done';
    },
  }),
};

type IssuerHorizon = { readonly issuer: Issuer; readonly horizon: Horizon };

/** Returns the horizon of the current generation of each issuing CA. */
export function currentHorizons(policy: Policy, issuers: Pick<Issuers, 'current'>): readonly IssuerHorizon[] {
  return [...policy.authorities.values()].flatMap(({ id, kind }) => {
    const issuer = kind === 'issuing' ? issuers.current(id) : null;
    return issuer === null ? [] : [{ issuer, horizon: horizonOf(policy, issuer) }];
  });
}

/** Returns whether each horizon is reached, near or far away, by the id of the issuer. */
export function horizonStates(known: readonly IssuerHorizon[], now: Instant): Readonly<Record<string, HorizonState>> {
  return Object.fromEntries(known.map(({ issuer, horizon }) => [issuer.id, horizonState(horizon, now)]));
}

/**
 * Logs one line for each issuing CA that is near its horizon, with the profiles that are affected.
 */
function warnOfHorizons({ policy, issuers, clock, log }: HorizonParts): void {
  const now = clock();
  for (const { issuer, horizon } of currentHorizons(policy, issuers)) {
    const state = horizonState(horizon, now);
    if (state === 'open') continue;
    const soon = [...horizon.shortensFrom].filter(([, from]) => from <= now + HORIZON_NEAR_MS);
    const profiles = Object.fromEntries(soon.map(([profile, from]) => [profile, formatInstant(from)]));
    const fields = { issuer: issuer.id, notAfter: formatInstant(horizon.notAfter), profiles };
    if (state === 'shortens') log.error('horizon.shortens', fields);
    else log.warn('horizon.near', fields);
  }
}

/** Logs one line for each CMP signer whose certificate has ended or ends soon. */
function warnOfCmpSigners({ policy, cmpSigners, clock, log }: HorizonParts): void {
  const now = clock();
  for (const authority of policy.authorities.keys()) {
    const signer = cmpSigners.of(authority);
    if (signer === null || now < signer.notAfter - CMP_SIGNER_ENDS_SOON_MS) continue;
    const fields = { authority, notAfter: formatInstant(signer.notAfter) };
    if (now > signer.notAfter) log.error('cmp-signer.ended', fields);
    else log.warn('cmp-signer.ends-soon', fields);
  }
}
