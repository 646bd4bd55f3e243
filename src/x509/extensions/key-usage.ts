/** KeyUsage (RFC 5280 4.2.1.3). */
import { type DerFailure, malformed, parseDer, namedBits as readNamedBits } from '../../asn1/der-reader.js';
import { namedBits } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import { assert } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../model.js';

/** In the order of their bit numbers. */
export const KEY_USAGE_BITS = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
type KeyUsageBit = (typeof KEY_USAGE_BITS)[number];

/** Critical; at least one bit. */
export function writeKeyUsage(bits: readonly KeyUsageBit[]): Extension {
  assert(bits.length > 0, 'a key has a usage');
  return { oid: OID.keyUsage, critical: true, value: namedBits(bits.map((bit) => KEY_USAGE_BITS.indexOf(bit))) };
}

/** The bits that are set, in the order of their numbers; at least one. */
export function readKeyUsage(value: Bytes): Result<readonly KeyUsageBit[], DerFailure> {
  return parseDer(value, (root) => {
    const numbers = readNamedBits(root, 'keyUsage');
    if (numbers.length === 0) malformed(root, 'keyUsage: no bit is set');
    return numbers.map((number) => KEY_USAGE_BITS[number] ?? malformed(root, `keyUsage: no bit ${number}`));
  });
}
