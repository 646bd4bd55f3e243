/** What an account has where nobody has said otherwise. */
import type { Account } from '../ports/store/accounts.js';

export const ACCOUNT_DEFAULTS = {
  limits: { perDay: null, perHour: null, inFlight: null },
  networks: [],
  expiresAt: null,
  structure: null,
} as const satisfies Partial<Account>;
