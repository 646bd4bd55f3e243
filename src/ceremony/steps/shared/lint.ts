/**
 * Lints the certificates of a ceremony with the parser of the lint, and returns the findings as
 * lines for people.
 */
import type { Result } from '../../../kernel/result.js';
import { checkAuthorityCertificate } from '../../../lint/certificate/authority.js';
import { checkLinkCertificate, type LinkLintContext } from '../../../lint/certificate/link.js';
import { checkCertificate, describeFindings, type LintInput } from '../../../lint/certificate/lint.js';
import type { LintFailure } from '../../../lint/rule.js';
import type { Policy, Profile } from '../../../policy/model.js';
import type { AuthorityPlan } from '../../../policy/plan/authority-plan.js';
import type { Issuer } from '../../../x509/model.js';

/** Lints the certificate of an authority. `issuer` is null for a root, which signs itself. */
export function authorityFindings(
  policy: Policy,
  { authority, generation }: Pick<AuthorityPlan, 'authority' | 'generation'>,
  input: LintInput & { readonly issuer: Issuer | null },
): readonly string[] {
  return findingsOf(checkAuthorityCertificate({ ...input, authority, generation, policy }));
}

/** Lints a link certificate between two generations of a root. */
export function linkFindings(input: LintInput & LinkLintContext): readonly string[] {
  return findingsOf(checkLinkCertificate(input));
}

/** Lints an end-entity certificate of a profile. */
export function profileFindings(
  { environment }: Policy,
  profile: Profile,
  input: LintInput & { readonly issuer: Issuer },
): readonly string[] {
  return findingsOf(checkCertificate({ ...input, profile, environment }));
}

function findingsOf(checked: Result<unknown, LintFailure>): readonly string[] {
  return checked.ok ? [] : describeFindings(checked.error);
}
