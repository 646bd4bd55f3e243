/**
 * "This extension MUST include at least one AccessDescription specifying id-ad-caIssuers as the
 * accessMethod. ... Access method types other than id-ad-caIssuers MUST NOT be included."
 */
import { OID } from '../../../asn1/oids.js';
import type { Rule } from '../../rule.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_aia_is_of_ca_issuers_alone: Rule<ExtendedCrl> = {
  name: 'e_crl_aia_is_of_ca_issuers_alone',
  citation: 'RFC 5280 5.2.7',
  effective: '2008-05-01',
  check: ({ extensions: { access } }) => access?.find(({ method }) => method !== OID.accessCaIssuers)?.method ?? null,
};
