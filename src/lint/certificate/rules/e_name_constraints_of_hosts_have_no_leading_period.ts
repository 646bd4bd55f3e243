/**
 * "DNS name restrictions are expressed as host.example.com. Any DNS name that can be constructed by
 * simply adding zero or more labels to the left-hand side of the name satisfies the name
 * constraint": with a leading period it is no host name.
 */
import { FORM } from '../../reading/constraint-readers.js';
import { wrongSubtree } from '../../reading/subtrees.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_name_constraints_of_hosts_have_no_leading_period: Rule<AnySubject> = {
  name: 'e_name_constraints_of_hosts_have_no_leading_period',
  citation: 'RFC 5280 4.2.1.10',
  effective: '2008-05-01',
  check: ({ extensions }) =>
    wrongSubtree(extensions, ({ form, text }) => form === FORM.dNSName && text?.startsWith('.') === true),
};
