/**
 * A link certificate begins with the root that it certifies. An old root under the key of a new one
 * ends as it does by itself; a new root under the key of an old one ends with the old root.
 */
import { formatInstant } from '../../../kernel/clock.js';
import type { LinkSubject, Rule } from '../../rule.js';

export const e_cps_link_validity_follows_its_roots: Rule<LinkSubject> = {
  name: 'e_cps_link_validity_follows_its_roots',
  citation: 'RFC 9810 4.4.1',
  effective: '2026-01-01',
  check: ({ certificate: { tbs }, root, issuer }) => {
    const [from, until] = [tbs.notBefore.at, tbs.notAfter.at];
    const isNewer = root.generation > issuer.generation;
    const end = isNewer && issuer.notAfter < root.notAfter ? issuer.notAfter : root.notAfter;
    if (from !== root.notBefore) return `from ${formatInstant(from)} instead of ${formatInstant(root.notBefore)}`;
    return until === end ? null : `until ${formatInstant(until)} instead of ${formatInstant(end)}`;
  },
};
