/**
 * Persons who log on have one user principal name; servers have host names and IP addresses, or
 * e-mail addresses; there is no other name.
 */
import type { GeneralName } from '../../reading/extension-readers.js';
import type { Rule } from '../../rule.js';

const KINDS = { upn: ['upn'], dns: ['dns', 'ip'], email: ['email'] } as const satisfies Record<
  string,
  readonly GeneralName['kind'][]
>;

export const e_cps_alternative_names_are_of_profile: Rule = {
  name: 'e_cps_alternative_names_are_of_profile',
  citation: 'policy: subjectAltName of the profile; RFC 5280 4.2.1.6',
  effective: '2026-01-01',
  check: ({ extensions, profile }) => {
    const names = extensions.get('subjectAltName') ?? [];
    // Another rule checks whether the extension may be present at all.
    const kinds: readonly GeneralName['kind'][] = KINDS[profile.subjectAltName ?? 'dns'];
    const foreign = names.find(({ kind }) => !kinds.includes(kind));
    if (foreign !== undefined) return `${foreign.kind} ${foreign.value}`;
    return profile.subjectAltName === 'upn' && names.length > 1 ? `${names.length} names` : null;
  },
};
