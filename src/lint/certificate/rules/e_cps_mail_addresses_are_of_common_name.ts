/**
 * The addresses of a mail server are in the domain that is its common name, or in a domain below
 * it, so that the mail of others is not certified.
 */
import { onlyValueOf } from '../../reading/names.js';
import type { Rule } from '../../rule.js';

export const e_cps_mail_addresses_are_of_common_name: Rule = {
  name: 'e_cps_mail_addresses_are_of_common_name',
  citation: 'profiles of the sector: SERV S/MIME (assumption)',
  effective: '2026-01-01',
  appliesTo: ({ profile }) => profile.subjectAltName === 'email',
  check: ({ certificate, extensions }) => {
    const domain = onlyValueOf(certificate.tbs.subject, 'commonName');
    const foreign = extensions
      .get('subjectAltName')
      ?.find(({ kind, value }) => kind === 'email' && !isOf(value, domain));
    return foreign === undefined ? null : `${JSON.stringify(foreign.value)} is not of ${domain}`;
  },
};

function isOf(address: string, domain: string | null): boolean {
  const host = address.slice(address.lastIndexOf('@') + 1);
  return domain !== null && (host === domain || host.endsWith(`.${domain}`));
}
