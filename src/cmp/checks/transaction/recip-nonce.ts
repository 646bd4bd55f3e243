import { equalBytes } from '../../../kernel/bytes.js';
import { type Check, refused } from '../check.js';

export const RECIP_NONCE: Check = {
  id: 'C5',
  examine: async ({ message: { header }, isFirst, transaction }) => {
    const nonce = header.recipNonce;
    if (isFirst)
      return nonce === null ? null : refused('badRecipientNonce', 'recipNonce must be absent in a first message');
    if (nonce === null) return refused('badRecipientNonce', 'recipNonce must be the senderNonce of our last message');
    // A transaction that does not exist is refused where its state is examined.
    const found = await transaction();
    return found === null || (found.ownNonce !== null && equalBytes(found.ownNonce, nonce))
      ? null
      : refused('badRecipientNonce', 'recipNonce is not the senderNonce of our last message');
  },
};
