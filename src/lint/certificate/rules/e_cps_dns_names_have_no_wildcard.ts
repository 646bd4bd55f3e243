/** A wildcard would certify server names that were not requested. */
import type { Rule } from '../../rule.js';

export const e_cps_dns_names_have_no_wildcard: Rule = {
  name: 'e_cps_dns_names_have_no_wildcard',
  citation: 'profiles of the sector: SERV SSL; RFC 9525 7.1',
  effective: '2026-01-01',
  check: ({ extensions }) => {
    const wildcard = extensions
      .get('subjectAltName')
      ?.find(({ kind, value }) => kind === 'dns' && value.startsWith('*.'));
    return wildcard === undefined ? null : JSON.stringify(wildcard.value);
  },
};
