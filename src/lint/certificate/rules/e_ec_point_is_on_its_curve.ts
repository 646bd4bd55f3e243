/**
 * A point is a public key only if it is on the curve: y^2 = x^3 + ax + b (mod p), with coordinates
 * below p.
 */
import { OID } from '../../../asn1/oids.js';
import { type Bytes, toHex } from '../../../kernel/bytes.js';
import type { AnySubject, Rule } from '../../rule.js';

type Curve = { readonly octets: number; readonly p: bigint; readonly a: bigint; readonly b: bigint };

/** SEC 2 version 2, 2.4.2, 2.5.1 and 2.6.1; RFC 5639 3.4 and 3.6. */
const CURVES: Readonly<Record<string, Curve>> = {
  [OID.p256]: {
    octets: 32,
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    a: -3n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  [OID.p384]: {
    octets: 48,
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    a: -3n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
  [OID.p521]: {
    octets: 66,
    p: 2n ** 521n - 1n,
    a: -3n,
    b: hex(
      '0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e1',
      '56193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00',
    ),
  },
  [OID.brainpoolP256r1]: {
    octets: 32,
    p: 0xa9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377n,
    a: 0x7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9n,
    b: 0x26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6n,
  },
  [OID.brainpoolP384r1]: {
    octets: 48,
    p: 0x8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53n,
    a: 0x7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f8aa5814a503ad4eb04a8c7dd22ce2826n,
    b: 0x04a8c7dd22ce28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d57cb4390295dbc9943ab78696fa504c11n,
  },
};

function hex(...parts: readonly string[]): bigint {
  return BigInt(`0x${parts.join('')}`);
}

export const e_ec_point_is_on_its_curve: Rule<AnySubject> = {
  name: 'e_ec_point_is_on_its_curve',
  citation: 'SEC 1 3.2.2.1; NIST SP 800-56A 5.6.2.3.3',
  effective: '2009-03-01',
  check: ({ key }) => {
    const found = key();
    if (found.kind !== 'ec') return null;
    const curve = CURVES[found.curve];
    // Other rules report an unknown curve and another form of the point.
    if (curve === undefined || found.keyBits[0] !== 0x04 || found.keyBits.length !== 1 + 2 * curve.octets) return null;
    return isOnCurve(found.keyBits, curve) ? null : 'not a point of its curve';
  },
};

function isOnCurve(point: Bytes, { octets, p, a, b }: Curve): boolean {
  const x = BigInt(`0x${toHex(point.subarray(1, 1 + octets))}`);
  const y = BigInt(`0x${toHex(point.subarray(1 + octets))}`);
  return x < p && y < p && (y * y - (x * x + a) * x - b) % p === 0n;
}
