/**
 * What a rule is, and what it checks. Each rule is a file of `rules/`: the sentence of the
 * standard, a citation, the day from which the rule applies, and a check that describes its
 * finding. A rule reads and never encodes.
 */
import type { Instant } from '../kernel/clock.js';
import type { Authority, Environment, Hierarchy, Profile } from '../policy/model.js';
import type { CertificateView, Issuer, IssuerCertificate } from '../x509/model.js';
import type { DecodedExtensions } from './reading/decoded-extensions.js';
import type { KeyReading } from './reading/subject-public-key.js';

/**
 * What can be checked in any certificate. Costly parts are decoded once, when the first rule needs
 * them.
 */
export type AnySubject = {
  readonly certificate: CertificateView;
  readonly extensions: DecodedExtensions;
  readonly key: () => KeyReading;
};

/** A certificate with that of its issuer. */
export type IssuedSubject = AnySubject & {
  /** The generation of the CA that signs; for a root the root itself. */
  readonly issuer: IssuerCertificate;
};

/** A certificate of this platform. */
export type CertificateSubject = AnySubject & {
  readonly issuer: Issuer;
  readonly environment: Environment;
  /** null: the certificate is not about to be signed, and nothing is compared with the present. */
  readonly now: Instant | null;
};

/**
 * A certificate of an end entity or of an OCSP responder, with the profile from which it was made.
 */
export type LintSubject = CertificateSubject & { readonly profile: Profile };

/** A certificate of a certification authority, made in a ceremony. */
export type AuthoritySubject = CertificateSubject & {
  readonly authority: Authority;
  readonly hierarchy: Hierarchy;
  readonly generation: number;
};

/** A certificate of one generation of a root that another generation has signed (RFC 9810 4.4). */
export type LinkSubject = AuthoritySubject & {
  /** The generation whose name and key the certificate has, from its self-signed certificate. */
  readonly root: Issuer;
};

/**
 * `e_` rules report that a standard or our policy is violated, `w_` rules that it is advised
 * against. Both block.
 */
export type RuleName = `e_${string}` | `w_${string}`;

/** What the table of rules shows of a rule. */
export type RuleSource = {
  /** The name is also that of the rule's file. */
  readonly name: RuleName;
  readonly citation: string;
  /**
   * The day, as `YYYY-MM-DD`, from which the source requires this. It is documentation: what is
   * about to be signed must pass every rule, because otherwise a notBefore in the past would switch
   * rules off.
   */
  readonly effective: string;
};

export type Rule<Subject = LintSubject> = RuleSource & {
  /** Absent: the rule applies to every certificate. */
  readonly appliesTo?: (view: Subject) => boolean;
  /** Describes for people what is wrong; null when nothing is. */
  readonly check: (view: Subject) => string | null;
};

export type Finding = { readonly rule: RuleName; readonly detail: string };

export type LintFailure = { readonly kind: 'lint-failed'; readonly findings: readonly Finding[] };

/** Runs every rule that applies, in the order of the list, and returns all findings. */
export function runRules<Subject>(rules: readonly Rule<Subject>[], view: Subject): readonly Finding[] {
  const findings: Finding[] = [];
  for (const rule of rules) {
    if (rule.appliesTo !== undefined && !rule.appliesTo(view)) continue;
    const detail = rule.check(view);
    if (detail !== null) findings.push({ rule: rule.name, detail });
  }
  return findings;
}
