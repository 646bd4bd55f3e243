/** An IP address is one that the environment allows: the development server's own. */
import type { Rule } from '../../rule.js';

export const e_cps_ip_addresses_are_allowed: Rule = {
  name: 'e_cps_ip_addresses_are_allowed',
  citation: 'policy: ipAddressNames of the environment',
  effective: '2026-01-01',
  check: ({ extensions, environment }) => {
    const foreign = extensions
      .get('subjectAltName')
      ?.find(({ kind, value }) => kind === 'ip' && !environment.ipAddressNames.includes(value));
    return foreign?.value ?? null;
  },
};
