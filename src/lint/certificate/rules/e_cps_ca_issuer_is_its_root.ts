/**
 * A root signs itself; an issuing authority is signed by the root of its own hierarchy and never by
 * that of another.
 */
import { equalBytes } from '../../../kernel/bytes.js';
import type { AuthoritySubject, Rule } from '../../rule.js';

export const e_cps_ca_issuer_is_its_root: Rule<AuthoritySubject> = {
  name: 'e_cps_ca_issuer_is_its_root',
  citation: 'policy: issuer of the authority',
  effective: '2026-01-01',
  check: ({ certificate, authority, issuer }) => {
    if (authority.kind === 'root')
      return equalBytes(certificate.tbs.spki, issuer.spki) ? null : `a root signed by ${issuer.id}`;
    return issuer.kind === 'root' && issuer.authority === authority.issuer && issuer.hierarchy === authority.hierarchy
      ? null
      : `${authority.id} is issued by ${authority.issuer}, not by ${issuer.id}`;
  },
};
