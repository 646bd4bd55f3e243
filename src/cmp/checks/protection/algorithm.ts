import { type Check, refused } from '../check.js';

/** Decides on the parameters, and so on the work, before any is done. */
export const ALGORITHM: Check = {
  id: 'B2',
  examine: ({ algorithm }) => (algorithm.ok ? null : refused('badAlg', algorithm.error)),
};
