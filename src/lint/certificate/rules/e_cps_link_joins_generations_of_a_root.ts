/**
 * A link certificate has the name and the key of one generation of a root, and another generation
 * of the same root signs it.
 */
import { equalBytes } from '../../../kernel/bytes.js';
import type { LinkSubject, Rule } from '../../rule.js';

export const e_cps_link_joins_generations_of_a_root: Rule<LinkSubject> = {
  name: 'e_cps_link_joins_generations_of_a_root',
  citation: 'RFC 9810 4.4',
  effective: '2026-01-01',
  check: ({ certificate: { tbs }, root, issuer }) => {
    if (issuer.kind !== 'root' || issuer.authority !== root.authority || issuer.generation === root.generation)
      return `${issuer.id} is not another generation of ${root.id}`;
    if (!equalBytes(tbs.subjectDer, root.subjectDer)) return `the name is not that of ${root.id}`;
    return equalBytes(tbs.spki, root.spki) ? null : `the key is not that of ${root.id}`;
  },
};
