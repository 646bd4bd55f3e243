/** The numbers of this platform count from 1, and each is a safe integer. */
import type { Rule } from '../../rule.js';
import { smallNumber } from '../extensions.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_cps_crl_number_counts_from_1: Rule<ExtendedCrl> = {
  name: 'e_cps_crl_number_counts_from_1',
  citation: "the platform's own; RFC 5280 5.2.3",
  effective: '2026-01-01',
  check: ({ extensions: { number } }) => {
    // Other rules report numbers that are negative or too long.
    if (number === null || (number[0] as number) >= 0x80 || number.length > 20) return null;
    const value = smallNumber(number);
    return value !== null && value > 0 ? null : (value?.toString() ?? 'above 2^53');
  },
};
