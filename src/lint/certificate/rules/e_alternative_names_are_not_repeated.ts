/** A name occurs once; host names that differ in case are the same (RFC 4343). */
import type { AnySubject, Rule } from '../../rule.js';

export const e_alternative_names_are_not_repeated: Rule<AnySubject> = {
  name: 'e_alternative_names_are_not_repeated',
  citation: 'RFC 5280 4.2.1.6; RFC 4343 2',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    const known = new Set<string>();
    for (const { kind, value } of extensions.get('subjectAltName') ?? []) {
      const name = `${kind} ${kind === 'dns' ? value.toLowerCase() : value}`;
      if (known.has(name)) return name;
      known.add(name);
    }
    return null;
  },
};
