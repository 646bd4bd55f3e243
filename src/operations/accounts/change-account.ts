/**
 * Accounts: who may do what, with which certificates. They are changed by a person with access to
 * the database (`pfcng account`); the change and its audit entry are one transaction. A credential
 * belongs to one account, because otherwise a request could not be attributed. A key belongs to one
 * account too, whichever CA certified it, because two accounts count as two people where two have
 * to agree.
 */
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { AuditEvent } from '../../ports/store/audit.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { World } from '../world.js';

export type AccountFailure =
  | StoreFailure
  | { readonly kind: 'account-exists'; readonly id: string }
  | { readonly kind: 'account-unknown'; readonly id: string; readonly known: readonly string[] }
  | { readonly kind: 'credential-taken'; readonly account: string }
  | { readonly kind: 'nothing-to-change'; readonly id: string };

type AccountWorld = Pick<World, 'store' | 'clock'>;

/**
 * The operating system's name of the person at the terminal; the account of an officer; or the
 * ceremony whose plan names the account, with the id of the certificate that it made.
 */
export type ChangedBy =
  | { readonly login: string }
  | { readonly officer: string }
  | { readonly ceremony: string; readonly planSha256: string; readonly certificate: string };

export type NewAccount = Pick<Account, 'id' | 'name' | 'roles' | 'scope' | 'credentials'>;

export async function addAccount(
  { store, clock }: AccountWorld,
  added: NewAccount,
  by: ChangedBy,
): Promise<Result<Account, AccountFailure>> {
  const at = clock();
  const account: Account = { ...added, disabled: false, createdAt: at };
  const outcome = await store.transaction(async (tx): Promise<Result<Account, AccountFailure>> => {
    const accounts = await tx.accounts();
    if (accounts.some(({ id }) => id === account.id)) return err({ kind: 'account-exists', id: account.id });
    const taken = takenBy(accounts, account);
    if (taken !== null) return err({ kind: 'credential-taken', account: taken });
    await tx.insertAccount(account);
    await tx.appendAudit([accountEvent('account.added', account, { at, by })]);
    return ok(account);
  });
  return outcome.ok ? outcome.value : outcome;
}

export type AccountChange = 'disable' | 'enable' | { readonly credentials: Account['credentials'] };

/**
 * A disabled account, and a certificate that is no longer a credential, are refused at the next
 * request.
 */
export async function changeAccount(
  { store, clock }: AccountWorld,
  { id, change }: { readonly id: string; readonly change: AccountChange },
  by: ChangedBy,
): Promise<Result<Account, AccountFailure>> {
  const at = clock();
  const outcome = await store.transaction(async (tx): Promise<Result<Account, AccountFailure>> => {
    const accounts = await tx.accounts();
    const found = accounts.find((one) => one.id === id);
    if (found === undefined) return err({ kind: 'account-unknown', id, known: accounts.map((one) => one.id) });
    const changed = changedBy(found, change);
    if (changed === null) return err({ kind: 'nothing-to-change', id });
    const taken = typeof change === 'string' ? null : takenBy(accounts, changed);
    if (taken !== null) return err({ kind: 'credential-taken', account: taken });
    await tx.updateAccount(changed);
    await tx.appendAudit([accountEvent(EVENTS[typeof change === 'string' ? change : 'rotate'], changed, { at, by })]);
    return ok(changed);
  });
  return outcome.ok ? outcome.value : outcome;
}

const EVENTS = { disable: 'account.disabled', enable: 'account.enabled', rotate: 'account.rotated' } as const;

/** null: the account is already as requested. */
function changedBy(account: Account, change: AccountChange): Account | null {
  if (typeof change !== 'string') return { ...account, credentials: change.credentials };
  const disabled = change === 'disable';
  return account.disabled === disabled ? null : { ...account, disabled };
}

/** Another account that has one of these keys. */
export function takenBy(accounts: readonly Account[], { id, credentials }: Account): string | null {
  const keys = new Set(credentials.map(({ spkiSha256 }) => spkiSha256));
  const isTaken = (other: Account): boolean => other.credentials.some(({ spkiSha256 }) => keys.has(spkiSha256));
  return accounts.find((other) => other.id !== id && isTaken(other))?.id ?? null;
}

export function accountEvent(
  type: string,
  { id, roles, scope, credentials }: Account,
  { at, by }: { readonly at: number; readonly by: ChangedBy },
): AuditEvent {
  const { profiles, structures, domains, holders } = scope;
  const details = {
    account: id,
    ...('officer' in by ? {} : by),
    roles: [...roles],
    scope: { profiles: [...profiles], structures: [...structures], domains: [...domains], holders: [...holders] },
    credentials: credentials.map(({ issuer, spkiSha256 }) => ({ issuer, spkiSha256 })),
  };
  return { at, type, actor: 'officer' in by ? by.officer : 'system', outcome: 'success', details };
}
