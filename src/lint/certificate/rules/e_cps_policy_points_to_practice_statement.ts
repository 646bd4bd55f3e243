/**
 * The policy has one qualifier, the address of the environment's certification practice statement.
 * User notices are never present.
 */
import type { CertificateSubject, Rule } from '../../rule.js';
import { practiceStatementFault } from '../expected.js';

export const e_cps_policy_points_to_practice_statement: Rule<CertificateSubject> = {
  name: 'e_cps_policy_points_to_practice_statement',
  citation: 'policy: certificationPracticeStatement of the environment; RFC 5280 4.2.1.4',
  effective: '2026-01-01',
  check: ({ extensions, environment }) =>
    practiceStatementFault(extensions.get('certificatePolicies') ?? [], environment),
};
