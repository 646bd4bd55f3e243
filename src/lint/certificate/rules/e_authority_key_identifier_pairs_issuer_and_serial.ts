/** "authorityCertIssuer and authorityCertSerialNumber MUST both be present or both be absent." */
import type { AnySubject, Rule } from '../../rule.js';

export const e_authority_key_identifier_pairs_issuer_and_serial: Rule<AnySubject> = {
  name: 'e_authority_key_identifier_pairs_issuer_and_serial',
  citation: 'RFC 5280 appendix A.2',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    const found = extensions.get('authorityKeyIdentifier');
    if (found === null || found.hasIssuer === found.hasSerial) return null;
    return found.hasIssuer ? 'an issuer without its serial number' : 'a serial number without its issuer';
  },
};
