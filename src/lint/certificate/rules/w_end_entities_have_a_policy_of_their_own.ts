/**
 * anyPolicy is for CAs: "when a CA does not wish to limit the set of policies for certification
 * paths that include this certificate, it MAY assert the special policy anyPolicy". An end-entity
 * certificate names the policy under which it was issued.
 */
import { OID } from '../../../asn1/oids.js';
import type { AnySubject, Rule } from '../../rule.js';

export const w_end_entities_have_a_policy_of_their_own: Rule<AnySubject> = {
  name: 'w_end_entities_have_a_policy_of_their_own',
  citation: 'RFC 5280 4.2.1.4',
  effective: '2008-05-01',
  check: ({ extensions }) =>
    extensions.get('certificatePolicies')?.some(({ oid }) => oid === OID.anyPolicy) === true ? 'anyPolicy' : null,
};
