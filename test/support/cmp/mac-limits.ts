import type { MacLimits } from '../../../src/cmp/protection/mac.js';

/** The limits of the example environments. */
export const MAC_LIMITS: MacLimits = { passwordBasedMacIterationsMax: 100_000, pbkdf2IterationsMax: 500_000 };
