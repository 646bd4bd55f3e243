/** "Conforming CRLs issuers MUST set the onlyContainsAttributeCerts boolean to FALSE." */
import type { Rule } from '../../rule.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_idp_is_not_of_attribute_certificates: Rule<ExtendedCrl> = {
  name: 'e_crl_idp_is_not_of_attribute_certificates',
  citation: 'RFC 5280 5.2.5',
  effective: '2008-05-01',
  check: ({ extensions: { issuingPoint } }) => (issuingPoint?.onlyAttributeCerts ? 'onlyContainsAttributeCerts' : null),
};
