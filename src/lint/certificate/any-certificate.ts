/**
 * Lint of a certificate of any issuer against public standards, with or without the issuer's
 * certificate.
 */
import type { CertificateView, IssuerCertificate } from '../../x509/model.js';
import { type AnySubject, type Finding, type Rule, runRules } from '../rule.js';
import { anySubjectOf } from './lint.js';
import { ANY_AUTHORITY_RULES, ANY_END_ENTITY_RULES, ANY_RULES, ISSUED_RULES } from './lists/standards.js';

type AnyReport = { readonly rules: number; readonly findings: readonly Finding[] };

export function lintAnyCertificate(certificate: CertificateView, issuer: IssuerCertificate | null): AnyReport {
  const subject = anySubjectOf(certificate);
  const isAuthority = subject.extensions.get('basicConstraints')?.cA === true;
  const rules: readonly Rule<AnySubject>[] = [
    ...ANY_RULES,
    ...(isAuthority ? ANY_AUTHORITY_RULES : ANY_END_ENTITY_RULES),
  ];
  const findings = runRules(rules, subject);
  if (issuer === null) return { rules: rules.length, findings };
  const issued = runRules(ISSUED_RULES, { ...subject, issuer });
  return { rules: rules.length + ISSUED_RULES.length, findings: [...findings, ...issued] };
}
