/**
 * Issuer name and serial number in this extension would tie a certificate to one certificate of its
 * issuer, and no chain would be found once that was renewed. Today's certificates have the key
 * identifier alone.
 */
import type { CertificateSubject, Rule } from '../../rule.js';

export const e_cps_authority_key_identifier_is_key_id_alone: Rule<CertificateSubject> = {
  name: 'e_cps_authority_key_identifier_is_key_id_alone',
  citation: 'RFC 5280 4.2.1.1; profiles of the sector',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    const found = extensions.get('authorityKeyIdentifier');
    return found !== null && (found.hasIssuer || found.hasSerial)
      ? 'authorityCertIssuer or authorityCertSerialNumber is present'
      : null;
  },
};
