/**
 * A delta CRL lists the changes since a CRL with a smaller number: "the CRL number of the complete
 * CRL is less than the CRL number of the delta CRL".
 */
import type { Rule } from '../../rule.js';
import { isGreater } from '../extensions.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_crl_base_number_is_below_number: Rule<ExtendedCrl> = {
  name: 'e_crl_base_number_is_below_number',
  citation: 'RFC 5280 5.2.4',
  effective: '2008-05-01',
  check: ({ extensions: { number, baseNumber } }) => {
    // Another rule reports a negative number.
    if (number === null || baseNumber === null || (baseNumber[0] as number) >= 0x80) return null;
    return isGreater(number, baseNumber) ? null : 'the base is not below its own number';
  },
};
