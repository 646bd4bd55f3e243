/** What an account has where nobody has said otherwise. */
import type { Account } from '../ports/store/accounts.js';

export const ACCOUNT_DEFAULTS = { structure: null } as const satisfies Partial<Account>;
