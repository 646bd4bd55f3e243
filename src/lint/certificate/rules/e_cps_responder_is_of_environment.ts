/**
 * The name of a responder or CMP signer has the marks of its environment, as its authority's has:
 * TEST never occurs in production.
 */
import { isOwnSigner } from '../../../policy/own-signers.js';
import { onlyValueOf, valuesOf } from '../../reading/names.js';
import type { Rule } from '../../rule.js';

export const e_cps_responder_is_of_environment: Rule = {
  name: 'e_cps_responder_is_of_environment',
  citation: 'policy: names of the environment',
  effective: '2026-01-01',
  appliesTo: ({ profile }) => isOwnSigner(profile.holder),
  check: ({ certificate, environment }) => {
    const { organizationalUnit, commonNamePrefix } = environment.names;
    const { subject } = certificate.tbs;
    if (!valuesOf(subject, 'organizationalUnitName').includes(organizationalUnit)) return `no ${organizationalUnit}`;
    const name = onlyValueOf(subject, 'commonName') ?? '';
    const isMarked = name.startsWith('TEST ');
    return isMarked === (commonNamePrefix === 'TEST ') ? null : `${JSON.stringify(name)} in ${environment.mark}`;
  },
};
