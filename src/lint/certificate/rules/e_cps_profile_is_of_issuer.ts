/**
 * A certificate is signed by the authority that its profile names, and never by an authority of
 * another hierarchy.
 */
import type { Rule } from '../../rule.js';

export const e_cps_profile_is_of_issuer: Rule = {
  name: 'e_cps_profile_is_of_issuer',
  citation: 'policy: authority of the profile; EN 319 411-1 6.1',
  effective: '2026-01-01',
  check: ({ profile, issuer }) =>
    issuer.kind === 'issuing' && issuer.authority === profile.authority && issuer.hierarchy === profile.hierarchy
      ? null
      : `${profile.id} is issued by ${profile.authority}, not by ${issuer.id} of ${issuer.hierarchy}`,
};
