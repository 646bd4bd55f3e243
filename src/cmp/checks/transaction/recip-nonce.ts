import { type Bytes, equalBytes } from '../../../kernel/bytes.js';
import { decodeMessage } from '../../message.js';
import type { PkiMessage } from '../../model.js';
import { decodeBody } from '../../values/bodies.js';
import { type Check, refused } from '../check.js';

export const RECIP_NONCE: Check = {
  id: 'C5',
  examine: async ({ message, isFirst, transaction }) => {
    const nonce = message.header.recipNonce;
    if (isFirst)
      return nonce === null || isThatOfInner(message, nonce)
        ? null
        : refused('badRecipientNonce', 'recipNonce must be absent in a first message');
    if (nonce === null) return refused('badRecipientNonce', 'recipNonce must be the senderNonce of our last message');
    // A transaction that does not exist is refused where its state is examined.
    const found = await transaction();
    return found === null || (found.ownNonce !== null && equalBytes(found.ownNonce, nonce))
      ? null
      : refused('badRecipientNonce', 'recipNonce is not the senderNonce of our last message');
  },
};

/**
 * Whether an added protection has the recipNonce of its message. Registration authorities copy the
 * header of a later message (RFC 9483 5.2.2.1), whose own recipNonce is examined in its turn.
 */
function isThatOfInner({ bodyKind, bodyContent }: PkiMessage, nonce: Bytes): boolean {
  const nested = bodyKind === 'nested' ? decodeBody.nested(bodyContent) : null;
  const [only, another] = nested?.ok === true ? nested.value : [];
  const inner = only === undefined || another !== undefined ? null : decodeMessage(only);
  const own = inner?.ok === true ? inner.value.header.recipNonce : null;
  return own !== null && equalBytes(own, nonce);
}
