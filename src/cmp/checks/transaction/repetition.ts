import type { Check } from '../check.js';

/**
 * Finds messages that repeat the octets of the first or of the latest message of the transaction.
 */
export const REPETITION: Check = {
  id: 'C1',
  examine: async ({ repetition }) => ((await repetition()) === null ? null : 'repeated'),
};
