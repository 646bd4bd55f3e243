import { type Check, refused } from '../check.js';

export const TRANSACTION_ID: Check = {
  id: 'C2',
  examine: ({ message: { header }, isFirst }) =>
    header.transactionID !== null
      ? null
      : refused(isFirst ? 'badDataFormat' : 'badRequest', 'transactionID must be present'),
};
