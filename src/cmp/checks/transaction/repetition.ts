import type { Check } from '../check.js';

/** The octets of the first or of the latest message of the transaction, once more. */
export const REPETITION: Check = {
  id: 'C1',
  examine: async ({ repetition }) => ((await repetition()) === null ? null : 'repeated'),
};
