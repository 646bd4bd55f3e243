/** "When present, DistributionPointName SHOULD include at least one LDAP or HTTP URI." */
import type { AnySubject, Rule } from '../../rule.js';

export const w_distribution_points_have_a_fetchable_address: Rule<AnySubject> = {
  name: 'w_distribution_points_have_a_fetchable_address',
  citation: 'RFC 5280 4.2.1.13',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    const points = extensions.get('crlDistributionPoints');
    if (points === null) return null;
    const names = points.flatMap(({ fullName }) => fullName ?? []);
    return names.some(({ kind, value }) => kind === 'uri' && /^(?:https?|ldap):\/\//i.test(value))
      ? null
      : 'neither an HTTP nor an LDAP address';
  },
};
