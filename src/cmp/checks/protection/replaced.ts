import { wasInForce } from '../../../lifecycle/confirmation.js';
import { type Check, refused } from '../check.js';
import { isOwnLaterMessage } from './own-update.js';

/**
 * After the confirmation of its update a certificate begins nothing but its revocation, also where
 * the successor was revoked since: the holder then enrols again. Messages of transactions that it
 * began earlier are answered.
 */
export const REPLACED: Check = {
  id: 'B11',
  examine: async (context) => {
    if (context.message.bodyKind === 'rr' || (await isOwnLaterMessage(context))) return null;
    const isReplaced = (await context.successors()).some(wasInForce);
    return isReplaced ? refused('certRevoked', 'the protection certificate was replaced; use its successor') : null;
  },
};
