/**
 * gipCardId: the token id of the card, `8025000001/2600301752` (issuer of the card, serial number
 * of the card).
 */
import { type DerFailure, expectTag, parseDer, TAG, text } from '../../asn1/der-reader.js';
import { printableString } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../model.js';

/** Not critical. */
export function writeGipCardId(tokenId: string): Extension {
  return { oid: OID.gipCardId, critical: false, value: printableString(tokenId) };
}

export function readGipCardId(value: Bytes): Result<string, DerFailure> {
  return parseDer(value, (root) => text(expectTag(root, TAG.printableString, 'gipCardId'), 'gipCardId').value);
}
