/**
 * KMAC without key derivation (RFC 9481 6.2.3, RFC 8702 3.4; NIST SP 800-185 section 4). OpenSSL
 * has it, but node:crypto does not offer it.
 */
import { type IKMAC, kmac128, kmac256 } from '@noble/hashes/sha3-addons.js';
import { octetString, parseDer, sequence, smallInteger, TAG } from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { MacScheme } from './mac.js';

type KmacRow = { readonly kmac: IKMAC; readonly bitsByDefault: number };

const KMACS: ReadonlyMap<string, KmacRow> = new Map([
  [OID.kmacWithShake128, { kmac: kmac128, bitsByDefault: 256 }],
  [OID.kmacWithShake256, { kmac: kmac256, bitsByDefault: 512 }],
]);

const OUTPUT_BITS_MIN = 256;
const OUTPUT_BITS_MAX = 512;
const CUSTOMIZATION_OCTETS_MAX = 64;

export const KMAC: MacScheme = {
  oids: [...KMACS.keys()],
  read: ({ oid, parameters }) => {
    const row = KMACS.get(oid);
    if (row === undefined) return err(`${oid} is no KMAC`);
    const read = parameters === null ? ok(NO_PARAMETERS) : readParameters(parameters);
    if (!read.ok) return read;
    const { bits = row.bitsByDefault, customization: personalization } = read.value;
    if (bits < OUTPUT_BITS_MIN || bits > OUTPUT_BITS_MAX || bits % 8 !== 0)
      return err(`kMACOutputLength must be ${OUTPUT_BITS_MIN} to ${OUTPUT_BITS_MAX} bits in whole octets, not ${bits}`);
    if (personalization.length > CUSTOMIZATION_OCTETS_MAX)
      return err(`customizationString must have at most ${CUSTOMIZATION_OCTETS_MAX} octets`);
    const options = { dkLen: bits / 8, personalization };
    return ok({ hashes: [], derivation: null, compute: (key, data) => row.kmac(key, data, options) });
  },
};

type KmacParameters = {
  /** Left out: the default of the algorithm. */
  readonly bits?: number;
  readonly customization: Bytes;
};

const NO_PARAMETERS: KmacParameters = { customization: new Uint8Array() };

/** SEQUENCE { kMACOutputLength INTEGER, customizationString OCTET STRING }, each with a default. */
function readParameters(parameters: Bytes): Result<KmacParameters, string> {
  const read = parseDer(parameters, (root) => {
    const fields = sequence(root, 'KMAC-params');
    const length = fields.optional(TAG.integer);
    const text = fields.optional(TAG.octetString);
    fields.end();
    const customization = text === null ? new Uint8Array() : octetString(text, 'customizationString');
    return length === null ? { customization } : { bits: smallInteger(length, 'kMACOutputLength'), customization };
  });
  return read.ok ? read : err(`KMAC: ${read.error.rule}`);
}
