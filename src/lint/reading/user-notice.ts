/**
 * Reads the user notice of a certificate policy (RFC 5280 4.2.1.4, RFC 6818 section 3). For use
 * inside `parseDer`.
 */
import { type DerElement, ia5Content, malformed, sequence, TAG, text } from '../../asn1/der-reader.js';
import { latin1 } from '../../kernel/bytes.js';

type ExplicitText = {
  readonly form: 'utf8String' | 'ia5String' | 'visibleString' | 'bmpString';
  readonly value: string;
};

export type UserNotice = { readonly hasReference: boolean; readonly text: ExplicitText | null };

export function readUserNotice(element: DerElement): UserNotice {
  const fields = sequence(element, 'userNotice');
  const reference = fields.optional(TAG.sequence);
  const found = fields.more() ? readDisplayText(fields.any('explicitText')) : null;
  fields.end();
  return { hasReference: reference !== null, text: found };
}

const VISIBLE_STRING = 0x1a;
const UTF16 = new TextDecoder('utf-16be', { fatal: false });

function readDisplayText(element: DerElement): ExplicitText {
  switch (element.tag) {
    case TAG.utf8String:
      return { form: 'utf8String', value: text(element, 'explicitText').value };
    case TAG.ia5String:
      return { form: 'ia5String', value: ia5Content(element, 'explicitText') };
    case VISIBLE_STRING:
      return { form: 'visibleString', value: latin1(element.content) };
    case TAG.bmpString:
      return { form: 'bmpString', value: UTF16.decode(element.content) };
    default:
      return malformed(element, 'explicitText: no form of DisplayText');
  }
}
