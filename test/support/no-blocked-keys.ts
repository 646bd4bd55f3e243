import type { BlockedKeys } from '../../src/x509/keys/blocked-keys.js';

export const NO_BLOCKED_KEYS: BlockedKeys = { has: () => false, size: 0 };
