/**
 * "If a certificate contains both a key usage extension and an extended key usage extension, then
 * ... the certificate MUST only be used for a purpose consistent with both extensions": each
 * purpose has a usage that is consistent with it.
 */
import type { AnySubject, Rule } from '../../rule.js';
import { KEY_USAGE_BITS, PURPOSES } from '../expected.js';

const { digitalSignature, nonRepudiation, keyEncipherment, keyAgreement } = KEY_USAGE_BITS;

const CONSISTENT: Readonly<Record<string, readonly number[]>> = {
  [PURPOSES.serverAuth]: [digitalSignature, keyEncipherment, keyAgreement],
  [PURPOSES.clientAuth]: [digitalSignature, keyAgreement],
  [PURPOSES.emailProtection]: [digitalSignature, nonRepudiation, keyEncipherment, keyAgreement],
  [PURPOSES.ocspSigning]: [digitalSignature, nonRepudiation],
  [PURPOSES.smartcardLogon]: [digitalSignature],
  [PURPOSES.cmcCa]: [digitalSignature, nonRepudiation],
};

export const e_key_usage_fits_extended_key_usage: Rule<AnySubject> = {
  name: 'e_key_usage_fits_extended_key_usage',
  citation: 'RFC 5280 4.2.1.12',
  effective: '2008-05-01',
  check: ({ extensions }) => {
    const bits = extensions.get('keyUsage');
    if (bits === null) return null;
    const unfit = extensions
      .get('extKeyUsage')
      ?.find((purpose) => CONSISTENT[purpose]?.some((bit) => bits.includes(bit)) === false);
    return unfit === undefined ? null : `no key usage is consistent with ${unfit}`;
  },
};
