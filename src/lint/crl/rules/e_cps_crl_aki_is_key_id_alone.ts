/** The key identifier is present without issuer name and serial number, as in certificates. */
import type { Rule } from '../../rule.js';
import type { ExtendedCrl } from '../subjects.js';

export const e_cps_crl_aki_is_key_id_alone: Rule<ExtendedCrl> = {
  name: 'e_cps_crl_aki_is_key_id_alone',
  citation: "the platform's own; RFC 5280 5.2.1",
  effective: '2026-01-01',
  check: ({ extensions: { authorityKeyIdentifier: aki } }) =>
    aki?.hasIssuer || aki?.hasSerial ? 'issuer or serial number' : null,
};
