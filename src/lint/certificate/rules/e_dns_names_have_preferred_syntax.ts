/**
 * "The name MUST be in the preferred name syntax, as specified by Section 3.5 of RFC 1034 and as
 * modified by Section 2.1 of RFC 1123": letters, digits and inner hyphens, labels of at most 63 and
 * names of at most 253 characters. A last label of digits would make it look like an address;
 * hyphens as third and fourth characters are for A-labels (RFC 5890 2.3.1).
 */
import type { AnySubject, Rule } from '../../rule.js';

const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const RESERVED = /^(?!xn)..--/i;
const NAME_CHARACTERS_MAX = 253;

export const e_dns_names_have_preferred_syntax: Rule<AnySubject> = {
  name: 'e_dns_names_have_preferred_syntax',
  citation: 'RFC 5280 4.2.1.6; RFC 1034 3.5; RFC 1123 2.1; RFC 5890 2.3.1',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    const names = extensions.get('subjectAltName') ?? [];
    // Other rules report a wildcard and an empty name.
    const wrong = names.find(
      ({ kind, value }) => kind === 'dns' && value !== '' && !isHostName(value.replace(/^\*\./, '')),
    );
    return wrong === undefined ? null : JSON.stringify(wrong.value);
  },
};

function isHostName(name: string): boolean {
  const labels = name.split('.');
  return (
    name.length <= NAME_CHARACTERS_MAX &&
    labels.every((label) => LABEL.test(label) && !RESERVED.test(label)) &&
    !/^[0-9]+$/.test(labels[labels.length - 1] ?? '')
  );
}
