/**
 * "The name MUST NOT be a relative URI, and it MUST follow the URI syntax and encoding rules
 * specified in [RFC3986]. The name MUST include both a scheme (e.g., 'http' or 'ftp') and a
 * scheme-specific-part."
 */
import { isAbsoluteUri } from '../../reading/addresses.js';
import { wrongName } from '../../reading/alternative-names.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_uri_names_are_absolute: Rule<AnySubject> = {
  name: 'e_uri_names_are_absolute',
  citation: 'RFC 5280 4.2.1.6 and 4.2.1.7; RFC 3986 3',
  effective: '2008-05-01',
  check: ({ extensions }) =>
    wrongName(extensions, ({ kind, value }) => kind === 'uri' && value !== '' && !isAbsoluteUri(value)),
};
