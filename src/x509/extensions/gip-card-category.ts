/**
 * gipCardCategory: the category of product by TRE_G01: 00 card, 02 security module, 03 software;
 * 80, 82, 83 for tests.
 */
import { octetString } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import { assert } from '../../kernel/assert.js';
import type { Extension } from '../model.js';

/** Not critical; one octet, as a number. */
export function writeGipCardCategory(octet: number): Extension {
  assert(Number.isInteger(octet) && octet >= 0 && octet <= 0xff, 'one octet');
  return { oid: OID.gipCardCategory, critical: false, value: octetString(Uint8Array.of(octet)) };
}
