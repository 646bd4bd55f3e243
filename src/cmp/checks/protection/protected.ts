import { type Check, refused } from '../check.js';

export const PROTECTED: Check = {
  id: 'B1',
  examine: ({ message: { protection, header } }) => {
    if (protection !== null && header.protectionAlg !== null) return null;
    const missing = protection === null ? 'protection' : 'protectionAlg';
    return refused('badMessageCheck', `${missing} is absent; every request must be protected`);
  },
};
