/** "Conforming CAs MUST NOT issue certificates where name constraints is an empty sequence." */
import type { AnySubject, Rule } from '../../rule.js';

export const e_name_constraints_are_not_empty: Rule<AnySubject> = {
  name: 'e_name_constraints_are_not_empty',
  citation: 'RFC 5280 4.2.1.10',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    const found = extensions.get('nameConstraints');
    return found !== null && found.permitted === null && found.excluded === null ? 'an empty sequence' : null;
  },
};
