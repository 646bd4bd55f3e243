/** Lint of the link certificates between two generations of a root, which ceremonies make. */
import { present } from '../../kernel/assert.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Policy } from '../../policy/model.js';
import type { CertificateView, Issuer } from '../../x509/model.js';
import { type LintFailure, runRules } from '../rule.js';
import { anySubjectOf, type LintInput, readLintInput } from './lint.js';
import { LINK_RULES } from './lists/platform.js';

export type LinkLintContext = {
  /** The generation whose name and key are certified. */
  readonly root: Issuer;
  /** The generation that signs. */
  readonly issuer: Issuer;
  readonly policy: Policy;
};

/** Returns the decoded certificate, or all findings. */
export function checkLinkCertificate(given: LinkLintContext & LintInput): Result<CertificateView, LintFailure> {
  const { root, issuer, policy } = given;
  const read = readLintInput(given, issuer);
  if (!read.ok) return read;
  const findings = runRules(LINK_RULES, {
    ...anySubjectOf(read.value),
    issuer,
    environment: policy.environment,
    now: null,
    authority: present(policy.authorities.get(root.authority), `authority of ${root.id}`),
    hierarchy: present(policy.hierarchies.get(root.hierarchy), `hierarchy of ${root.id}`),
    generation: root.generation,
    root,
  });
  return findings.length === 0 ? ok(read.value) : err({ kind: 'lint-failed', findings });
}
