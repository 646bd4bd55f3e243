/**
 * Warns once a day, so that a ceremony makes a new certificate in time:
 * - of each issuing CA whose certificate ends so soon that certificates of some profiles cannot
 *   have their full validity, or soon cannot;
 * - of each CMP signer whose certificate ends within 90 days or has ended.
 */
import { formatInstant, type Instant } from '../kernel/clock.js';
import { DAY_MS, MINUTE_MS } from '../kernel/duration.js';
import { CMP_SIGNER_ENDS_SOON_MS } from '../operations/cmp/cmp-signers.js';
import type { Issuers, World } from '../operations/world.js';
import { HORIZON_NEAR_MS, type Horizon, type HorizonState, horizonOf, horizonState } from '../policy/horizon.js';
import type { Policy } from '../policy/model.js';
import type { Issuer } from '../x509/model.js';
import { type SharedJob, WHOLE } from './job.js';

type HorizonParts = Pick<World, 'policy' | 'issuers' | 'cmpSigners' | 'clock' | 'log'>;

export const warnOfHorizonsDaily: SharedJob<HorizonParts> = {
  name: 'horizons',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: DAY_MS,
  leaseDurationMs: MINUTE_MS,
  budgetMs: MINUTE_MS,
  isEssential: false,
  prepare: (parts) => ({
    due: async () => WHOLE,
    work: async () => {
      warnOfHorizons(parts);
      warnOfCmpSigners(parts);
      return 'done';
    },
  }),
};

type IssuerHorizon = { readonly issuer: Issuer; readonly horizon: Horizon };

/** The horizon of each generation that issues now. */
export function currentHorizons(policy: Policy, issuers: Pick<Issuers, 'current'>): readonly IssuerHorizon[] {
  return [...policy.authorities.values()].flatMap(({ id, kind }) => {
    const issuer = kind === 'issuing' ? issuers.current(id) : null;
    return issuer === null ? [] : [{ issuer, horizon: horizonOf(policy, issuer) }];
  });
}

export function horizonStates(known: readonly IssuerHorizon[], now: Instant): Readonly<Record<string, HorizonState>> {
  return Object.fromEntries(known.map(({ issuer, horizon }) => [issuer.id, horizonState(horizon, now)]));
}

/** Logs one line for each authority, with the profiles concerned. */
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

/** Logs one line for each CMP signer whose certificate has to be renewed. */
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
