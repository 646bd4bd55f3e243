/**
 * The extensions are exactly those of the profile. An extension with an address is present only
 * where the environment has such an address.
 */
import { extensionName } from '../../reading/decoded-extensions.js';
import type { Rule } from '../../rule.js';
import { differenceInWords, expectedExtensions } from '../expected.js';

export const e_cps_extensions_are_those_of_profile: Rule = {
  name: 'e_cps_extensions_are_those_of_profile',
  citation: 'policy: extensions of the profile',
  effective: '2026-01-01',
  check: ({ certificate, profile, environment }) =>
    differenceInWords(
      expectedExtensions(profile, environment),
      certificate.tbs.extensions.map(({ oid }) => extensionName(oid)),
    ),
};
