import { ia5String, oid, printableString, seq, setOf, utf8String } from '../../asn1/der-writer.js';
import { assert } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Attribute, Name } from '../model.js';

const WRITERS = { utf8String, printableString, ia5String } as const satisfies Record<
  Attribute['form'],
  (value: string) => Bytes
>;

/**
 * Encodes an RDNSequence (RFC 5280 4.1.2.4). The attributes of a multi-valued RDN are in the order
 * of their encodings (X.690 11.6), which varies from holder to holder.
 */
export function encodeName(name: Name): Bytes {
  return seq(...name.map(encodeRdn));
}

function encodeRdn(rdn: readonly Attribute[]): Bytes {
  assert(rdn.length > 0, 'an RDN has an attribute');
  return setOf(rdn.map(({ type, form, value }) => seq(oid(type), WRITERS[form](value))));
}
