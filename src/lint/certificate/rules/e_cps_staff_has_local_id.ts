/**
 * The common name of staff is the structure's number, a slash, and the holder's id in the
 * structure.
 */
import { readIdentifier, STRUCTURE_TYPE_OF_STAFF } from '../../reading/identifiers.js';
import { onlyValueOf } from '../../reading/names.js';
import type { Rule } from '../../rule.js';

const LOCAL = /^[0-9A-Za-z]{1,32}$/;

export const e_cps_staff_has_local_id: Rule = {
  name: 'e_cps_staff_has_local_id',
  citation: 'nomenclature TRE_G08 (1.2.250.1.71.1.2.15); PS_IdNat (1.2.250.1.71.4.2.1)',
  effective: '2026-01-01',
  appliesTo: ({ profile }) => profile.holder === 'staff',
  check: ({ certificate }) => {
    const name = onlyValueOf(certificate.tbs.subject, 'commonName');
    if (name === null) return null;
    const id = readIdentifier(name);
    const isLocal = id !== null && STRUCTURE_TYPE_OF_STAFF[id.type] !== undefined && id.local !== null;
    return isLocal && LOCAL.test(id.local) ? null : `${JSON.stringify(name)} is no IdNat of a structure's staff`;
  },
};
