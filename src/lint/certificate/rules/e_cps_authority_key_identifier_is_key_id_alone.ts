/**
 * The issuer's name and serial number beside the key identifier tie a certificate to one
 * certificate of its issuer, and no chain is found once that has been renewed. The field's
 * certificates have the key identifier alone.
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
