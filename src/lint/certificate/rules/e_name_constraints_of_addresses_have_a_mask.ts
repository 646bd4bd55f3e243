/**
 * "The iPAddress field ... encoded in the style of RFC 4632 (CIDR)": the mask has ones and then
 * zeros.
 */
import type { Bytes } from '../../../kernel/bytes.js';
import { wrongSubtree } from '../../reading/subtrees.js';
import type { AnySubject, Rule } from '../../rule.js';

function isMask(octets: Bytes): boolean {
  const bits = [...octets].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits);
}

export const e_name_constraints_of_addresses_have_a_mask: Rule<AnySubject> = {
  name: 'e_name_constraints_of_addresses_have_a_mask',
  citation: 'RFC 5280 4.2.1.10; RFC 4632 3.1',
  effective: '2008-05-01',
  check: ({ extensions }) =>
    wrongSubtree(extensions, ({ address }) => address !== null && !isMask(address.subarray(address.length / 2))),
};
