/** ExtendedKeyUsage (RFC 5280 4.2.1.12). */
import { type DerFailure, malformed, objectIdentifier, parseDer, sequenceOf } from '../../asn1/der-reader.js';
import { oid, seq } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import { assert } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../model.js';

const EXTENDED_KEY_USAGES = [
  'serverAuth',
  'clientAuth',
  'emailProtection',
  'smartcardLogon',
  'ocspSigning',
  'cmcCa',
] as const;
type ExtendedKeyUsage = (typeof EXTENDED_KEY_USAGES)[number];

/** Not critical; in the order given, each once. */
export function writeExtendedKeyUsage(usages: readonly ExtendedKeyUsage[]): Extension {
  assert(usages.length > 0 && new Set(usages).size === usages.length, 'extended key usages, each once');
  return { oid: OID.extKeyUsage, critical: false, value: seq(...usages.map((usage) => oid(OID[usage]))) };
}

/**
 * In the order of the DER: the name of a usage that this platform writes, the dotted object
 * identifier of any other.
 */
export function readExtendedKeyUsage(value: Bytes): Result<readonly (ExtendedKeyUsage | string)[], DerFailure> {
  return parseDer(value, (root) => {
    const usages = sequenceOf(root, 'extKeyUsage').map((member) => {
      const dotted = objectIdentifier(member, 'keyPurposeId');
      return EXTENDED_KEY_USAGES.find((usage) => OID[usage] === dotted) ?? dotted;
    });
    if (usages.length === 0) malformed(root, 'extKeyUsage: empty');
    if (new Set(usages).size !== usages.length) malformed(root, 'extKeyUsage: the same purpose twice');
    return usages;
  });
}
