/**
 * Checks stored certificates against today's rules, which may be stricter than those at the time of
 * signing.
 */
import { LIMITS } from '../kernel/limits.js';
import type { Policy, ProfileId } from '../policy/model.js';
import type { CertificateRecord } from '../ports/store/certificates.js';
import type { Issuer } from '../x509/model.js';
import { checkCertificate } from './certificate/lint.js';
import type { Finding } from './rule.js';

export type RelintContext = {
  readonly policy: Policy;
  readonly issuerOf: (id: CertificateRecord['issuer']) => Issuer | null;
};

type Problem = { readonly rule: Finding['rule'] | 'profile-known' | 'issuer-known'; readonly detail: string };

/**
 * The stored bytes are what was signed: every signature was verified over them before it was
 * stored.
 */
export function relintRecord(
  { policy, issuerOf }: RelintContext,
  { profile: id, issuer: by, tbs }: Pick<CertificateRecord, 'profile' | 'issuer' | 'tbs'>,
): readonly Problem[] {
  const profile = policy.profiles.get(id as ProfileId);
  if (profile === undefined) return [{ rule: 'profile-known', detail: `the policy of today has no profile ${id}` }];
  const issuer = issuerOf(by);
  if (issuer === null) return [{ rule: 'issuer-known', detail: `no certificate of ${by} at this home` }];
  const checked = checkCertificate({ tbs, issuer, profile, environment: policy.environment });
  return checked.ok ? [] : checked.error.findings;
}

/** The findings of one rule under one profile. */
export type Tally = {
  readonly profile: string;
  readonly rule: string;
  readonly count: number;
  /** The first ones, in the order in which they were found. */
  readonly examples: readonly { readonly id: string; readonly detail: string }[];
};

/** Adds the findings of one more certificate. */
export function addFindings(
  tallies: readonly Tally[],
  { id, profile }: Pick<CertificateRecord, 'id' | 'profile'>,
  problems: readonly Problem[],
): readonly Tally[] {
  const next = [...tallies];
  for (const { rule, detail } of problems) {
    const at = next.findIndex((one) => one.rule === rule && one.profile === profile);
    const { count, examples } = next[at] ?? { count: 0, examples: [] };
    const shown = examples.length < LIMITS.relintExamplesMax ? [...examples, { id, detail }] : examples;
    const tally = { profile, rule, count: count + 1, examples: shown };
    if (at === -1) next.push(tally);
    else next[at] = tally;
  }
  return next;
}
