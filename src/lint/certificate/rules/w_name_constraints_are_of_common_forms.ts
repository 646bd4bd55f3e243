/**
 * "Conforming CAs ... SHOULD NOT impose name constraints on the x400Address, ediPartyName, or
 * registeredID name forms."
 */
import { FORM } from '../../reading/constraint-readers.js';
import { wrongSubtree } from '../../reading/subtrees.js';
import type { AnySubject, Rule } from '../../rule.js';

const RARE: readonly number[] = [FORM.x400Address, FORM.ediPartyName, FORM.registeredID];

export const w_name_constraints_are_of_common_forms: Rule<AnySubject> = {
  name: 'w_name_constraints_are_of_common_forms',
  citation: 'RFC 5280 4.2.1.10',
  effective: '2008-05-01',
  check: ({ extensions }) => wrongSubtree(extensions, ({ form }) => RARE.includes(form)),
};
