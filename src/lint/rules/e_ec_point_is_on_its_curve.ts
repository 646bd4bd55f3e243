/** A point that is not on the curve is no public key: y^2 = x^3 - 3x + b (mod p), coordinates below p. */
import { OID } from '../../asn1/oids.js';
import { type Bytes, toHex } from '../../kernel/bytes.js';
import type { AnySubject, Rule } from '../rule.js';

type Curve = { readonly octets: number; readonly p: bigint; readonly b: bigint };

/** SEC 2 version 2, 2.4.2 and 2.5.1. */
const CURVES: Readonly<Record<string, Curve>> = {
  [OID.p256]: {
    octets: 32,
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  [OID.p384]: {
    octets: 48,
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
};

export const e_ec_point_is_on_its_curve: Rule<AnySubject> = {
  name: 'e_ec_point_is_on_its_curve',
  citation: 'SEC 1 3.2.2.1; NIST SP 800-56A 5.6.2.3.3',
  effective: '2009-03-01',
  check: ({ key }) => {
    const found = key();
    if (found.kind !== 'ec') return null;
    const curve = CURVES[found.curve];
    // Another rule's business: the curve, or the form of the point.
    if (curve === undefined || found.keyBits[0] !== 0x04 || found.keyBits.length !== 1 + 2 * curve.octets) return null;
    return isOnCurve(found.keyBits, curve) ? null : 'not a point of its curve';
  },
};

function isOnCurve(point: Bytes, { octets, p, b }: Curve): boolean {
  const x = BigInt(`0x${toHex(point.subarray(1, 1 + octets))}`);
  const y = BigInt(`0x${toHex(point.subarray(1 + octets))}`);
  return x < p && y < p && (y * y - (x * x - 3n) * x - b) % p === 0n;
}
