import { type Check, refused } from '../check.js';
import { isOwnLaterMessage } from './own-update.js';

/**
 * A certificate that is not confirmed signs nothing; one with an update that is not confirmed signs
 * only messages of transactions that it has begun before, and its revocation.
 */
export const PENDING: Check = {
  id: 'B12',
  examine: async (context) => {
    const { message, protectionKind, signer, successors, isFirst } = context;
    const status = protectionKind === 'signature' ? (await signer())?.evidence.status : null;
    if (status?.state.status === 'pending')
      return refused('badRequest', 'the protection certificate was not confirmed yet; send its certConf first');
    if (message.bodyKind === 'rr' || !isFirst || (await isOwnLaterMessage(context))) return null;
    const waits = (await successors()).some(({ state }) => state.status === 'open' || state.status === 'pending');
    return waits ? refused('badRequest', 'an update of the protection certificate waits for its certConf') : null;
  },
};
