/** The user principal name is the holder's identifier at carte-cps.fr. */
import { onlyValueOf } from '../../reading/names.js';
import type { Rule } from '../../rule.js';

export const e_cps_upn_is_common_name: Rule = {
  name: 'e_cps_upn_is_common_name',
  citation: 'profiles of the sector: authentication; Microsoft smart card logon',
  effective: '2026-01-01',
  check: ({ certificate, extensions }) => {
    const upn = extensions.get('subjectAltName')?.find(({ kind }) => kind === 'upn');
    const commonName = onlyValueOf(certificate.tbs.subject, 'commonName');
    if (upn === undefined) return null;
    // Without one common name, nothing says whose user principal name it is.
    if (commonName === null) return `${JSON.stringify(upn.value)} without one common name`;
    const expected = `${commonName}@carte-cps.fr`;
    return upn.value === expected ? null : `${JSON.stringify(upn.value)} instead of ${expected}`;
  },
};
