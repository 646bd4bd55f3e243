/**
 * "Implementations MUST support the uncompressed form": it is the form that every reader accepts,
 * with the length of the curve.
 */
import { OID } from '../../../asn1/oids.js';
import type { AnySubject, Rule } from '../../rule.js';

const POINT_OCTETS: Readonly<Record<string, number>> = {
  [OID.p256]: 65,
  [OID.p384]: 97,
  [OID.p521]: 133,
  [OID.brainpoolP256r1]: 65,
  [OID.brainpoolP384r1]: 97,
};

export const e_ec_point_is_uncompressed: Rule<AnySubject> = {
  name: 'e_ec_point_is_uncompressed',
  citation: 'RFC 5480 2.2',
  effective: '2009-03-01',
  check: ({ key }) => {
    const found = key();
    if (found.kind !== 'ec') return null;
    const { keyBits, curve } = found;
    if (keyBits[0] !== 0x04) return `first octet ${keyBits[0]}`;
    const expected = POINT_OCTETS[curve] ?? keyBits.length;
    return keyBits.length === expected ? null : `${keyBits.length} octets instead of ${expected}`;
  },
};
