/**
 * "URIs that include an authority ([RFC3986], Section 3.2) MUST include a fully qualified domain
 * name or IP address as the host."
 */
import { isFullHost, wrongName } from '../../reading/alternative-names.js';
import type { AnySubject, Rule } from '../../rule.js';

const AUTHORITY = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#]*)/;

export const e_uri_names_have_a_full_host: Rule<AnySubject> = {
  name: 'e_uri_names_have_a_full_host',
  citation: 'RFC 5280 4.2.1.6 and 4.2.1.7',
  effective: '2008-05-01',
  check: ({ extensions }) =>
    wrongName(extensions, ({ kind, value }) => {
      const authority = kind === 'uri' ? AUTHORITY.exec(value)?.[1] : undefined;
      return authority !== undefined && !isFullHost(authority.replace(/^.*@/, '').replace(/:[0-9]*$/, ''));
    }),
};
