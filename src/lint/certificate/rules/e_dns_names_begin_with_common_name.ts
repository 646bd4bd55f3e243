/**
 * The common name of a server is its first alternative name, because clients use alternative names
 * only (RFC 9525 6.3).
 */
import { onlyValueOf } from '../../reading/names.js';
import type { Rule } from '../../rule.js';

export const e_dns_names_begin_with_common_name: Rule = {
  name: 'e_dns_names_begin_with_common_name',
  citation: 'profiles of the sector: SERV SSL; CA/Browser Forum Baseline Requirements 7.1.4.3',
  effective: '2026-01-01',
  appliesTo: ({ profile }) => profile.subjectAltName === 'dns',
  check: ({ certificate, extensions }) => {
    const names = extensions.get('subjectAltName');
    const commonName = onlyValueOf(certificate.tbs.subject, 'commonName');
    if (names === null || commonName === null) return null;
    const first = names[0]?.value ?? 'none';
    return first === commonName ? null : `${first} before ${commonName}`;
  },
};
