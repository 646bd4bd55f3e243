/** "Policies MUST NOT be mapped either to or from the special value anyPolicy." */
import { OID } from '../../../asn1/oids.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_policy_mappings_leave_any_policy_alone: Rule<AnySubject> = {
  name: 'e_policy_mappings_leave_any_policy_alone',
  citation: 'RFC 5280 4.2.1.5',
  effective: '2008-05-01',
  check: ({ extensions }) =>
    extensions
      .get('policyMappings')
      ?.some(({ issuerDomain, subjectDomain }) => [issuerDomain, subjectDomain].includes(OID.anyPolicy)) === true
      ? 'anyPolicy'
      : null,
};
