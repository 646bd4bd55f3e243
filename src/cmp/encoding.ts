/** Strict DER of values whose members are not read, for use inside `parseDer`. */
import {
  bitString,
  boolean,
  children,
  type DerElement,
  integerOctets,
  malformed,
  nullValue,
  TAG,
} from '../asn1/der-reader.js';

const CONSTRUCTED = 0x20;
const CLASS = 0xc0;

/** Walks through a value and all in it: each has the encoding that its tag has in DER. */
export function checkValue(element: DerElement): void {
  const { tag } = element;
  if ((tag & CONSTRUCTED) !== 0) {
    // X.690 10.2: strings are primitive in DER, so that only these two universal types are not.
    if ((tag & CLASS) === 0 && tag !== TAG.sequence && tag !== TAG.set) malformed(element, 'a constructed string');
    children(element).forEach(checkValue);
    return;
  }
  switch (tag) {
    case TAG.boolean:
      boolean(element, 'value');
      return;
    case TAG.integer:
    case TAG.enumerated:
      integerOctets(element, 'value', tag);
      return;
    case TAG.bitString:
      bitString(element, 'value');
      return;
    case TAG.null:
      nullValue(element, 'value');
      return;
    case TAG.sequence & ~CONSTRUCTED:
    case TAG.set & ~CONSTRUCTED:
      malformed(element, 'a primitive SEQUENCE or SET');
  }
}
