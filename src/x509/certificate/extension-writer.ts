import { bool, octetString, oid, seq } from '../../asn1/der-writer.js';
import { assert } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import { memoize } from '../../kernel/memoize.js';
import type { Extension } from '../model.js';

/**
 * Encodes an Extension (RFC 5280 4.1). `critical` is written only when it is TRUE: FALSE is the
 * default.
 */
export const encodeExtension = memoize(({ oid: dotted, critical, value }: Extension): Bytes => {
  return critical ? seq(oid(dotted), bool(true), octetString(value)) : seq(oid(dotted), octetString(value));
});

/**
 * Encodes Extensions in the order given: at least one, no object identifier twice (RFC 5280 4.2).
 */
export function encodeExtensions(extensions: readonly Extension[]): Bytes {
  assert(extensions.length > 0, 'extensions are absent or at least one');
  assert(new Set(extensions.map((extension) => extension.oid)).size === extensions.length, 'each extension once');
  return seq(...extensions.map(encodeExtension));
}
