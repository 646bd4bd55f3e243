import { type Check, refused } from '../check.js';

const OCTETS_MIN = 16;
const OCTETS_MAX = 32;

export const TRANSACTION_ID_LENGTH: Check = {
  id: 'C3',
  examine: ({ message: { header } }) => {
    const octets = header.transactionID?.length ?? 0;
    return octets >= OCTETS_MIN && octets <= OCTETS_MAX
      ? null
      : refused('badRequest', `transactionID must have ${OCTETS_MIN} to ${OCTETS_MAX} octets, not ${octets}`);
  },
};
