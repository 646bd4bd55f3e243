/** Lint of the certificates of certification authorities, which ceremonies make. */
import { present } from '../../kernel/assert.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { issuerIdOf } from '../../policy/ids.js';
import type { Authority, Policy } from '../../policy/model.js';
import { issuerCertificate } from '../../x509/certificate/issuer.js';
import type { CertificateView, Issuer } from '../../x509/model.js';
import { decodeLazily } from '../reading/decoded-extensions.js';
import { type LintFailure, runRules } from '../rule.js';
import { anySubjectOf, type LintInput, readLintInput } from './lint.js';
import { AUTHORITY_RULES } from './lists/platform.js';

export type AuthorityLintContext = {
  /** null: a root, which signs itself. */
  readonly issuer: Issuer | null;
  readonly authority: Authority;
  /** Counts from 1. */
  readonly generation: number;
  readonly policy: Policy;
};

/** Returns the decoded certificate, or all findings. */
export function checkAuthorityCertificate(
  given: AuthorityLintContext & LintInput,
): Result<CertificateView, LintFailure> {
  const { authority, generation, policy } = given;
  const read = readLintInput(given, given.issuer ?? authority);
  if (!read.ok) return read;
  const issuer = given.issuer ?? selfIssuer(read.value, given);
  const known = { issuer, environment: policy.environment, now: null };
  const hierarchy = present(policy.hierarchies.get(authority.hierarchy), `hierarchy of ${authority.id}`);
  const findings = runRules(AUTHORITY_RULES, {
    ...anySubjectOf(read.value),
    ...known,
    authority,
    hierarchy,
    generation,
  });
  return findings.length === 0 ? ok(read.value) : err({ kind: 'lint-failed', findings });
}

/** The issuer of a root is the root itself, as its certificate describes it. */
function selfIssuer(view: CertificateView, { authority, generation }: AuthorityLintContext): Issuer {
  const subjectKeyIdentifier = decodeLazily(view.tbs.extensions).get('subjectKeyIdentifier') ?? new Uint8Array(0);
  return {
    id: issuerIdOf(authority.id, generation),
    authority: authority.id,
    generation,
    hierarchy: authority.hierarchy,
    kind: authority.kind,
    ...issuerCertificate(view, { keyType: authority.keyType, subjectKeyIdentifier }),
  };
}
