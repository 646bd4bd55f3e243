/** Whether an account may be used now, and from which addresses. */
import type { Instant } from '../kernel/clock.js';
import type { Account } from '../ports/store/accounts.js';
import { type Fault, fault } from '../texts/text.js';
import { isInNetworks } from './networks.js';

type AccountState = Pick<Account, 'disabled' | 'expiresAt'>;

/** Why every request of the account is refused now; null: it is not. */
export function accountFault({ disabled, expiresAt }: AccountState, now: Instant): Fault | null {
  if (disabled) return fault('account-enabled');
  return expiresAt !== null && expiresAt <= now ? fault('account-in-force') : null;
}

/** Why the account may send no requests from this address; null: it may. */
export function networkFault({ networks }: Pick<Account, 'networks'>, address: string): Fault | null {
  const isInside = networks.length === 0 || isInNetworks(networks, address);
  return isInside ? null : fault('network-in-scope', { address });
}
