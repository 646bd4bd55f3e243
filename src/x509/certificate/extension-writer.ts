import { bool, octetString, oid, seq } from '../../asn1/der-writer.js';
import { assert } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import { rememberEach } from '../../kernel/remember.js';
import type { Extension } from '../model.js';

/** Extension (RFC 5280 4.1), whole DER. `critical` is written when it is TRUE only: FALSE is the default. */
export const encodeExtension = rememberEach(({ oid: dotted, critical, value }: Extension): Bytes => {
  return critical ? seq(oid(dotted), bool(true), octetString(value)) : seq(oid(dotted), octetString(value));
});

/** Extensions in the order given, no object identifier twice (RFC 5280 4.2), at least one. */
export function encodeExtensions(extensions: readonly Extension[]): Bytes {
  assert(extensions.length > 0, 'extensions are absent or at least one');
  assert(new Set(extensions.map((extension) => extension.oid)).size === extensions.length, 'each extension once');
  return seq(...extensions.map(encodeExtension));
}
