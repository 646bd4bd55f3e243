/** The values of an account that does not state its own. */
import type { Account } from '../ports/store/accounts.js';

export const ACCOUNT_DEFAULTS = {
  limits: { perDay: null, perHour: null, inFlight: null },
  networks: [],
  expiresAt: null,
  structure: null,
} as const satisfies Partial<Account>;
