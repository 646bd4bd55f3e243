/**
 * Accounts: who may do what, with which certificates. They are changed by a person with access to
 * the database (`pfcng account`), by a ceremony, by two officers (`approved.ts`), or by one officer
 * who has a lost certificate replaced (`certify-account.ts`). The change and its audit entry are
 * one transaction. A credential belongs to one account, because otherwise a request could not be
 * attributed. A key belongs to one account too, whichever CA certified it, because two accounts
 * count as two people where two have to agree.
 */
import { ACCOUNT_DEFAULTS } from '../../access/account.js';
import { isBoundToAccessAuthority, isOfOfficers } from '../../access/break-glass.js';
import { structureInScope } from '../../access/decide.js';
import { accountActor, SYSTEM } from '../../audit/actors.js';
import type { AuditDetails, AuditEvent } from '../../audit/events.js';
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account, AccountLimits, AccountScope } from '../../ports/store/accounts.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Transaction } from '../../ports/store.js';
import { pauseOrdersOf } from '../orders/control.js';
import type { World } from '../world.js';

export type AccountFailure =
  | StoreFailure
  | { readonly kind: 'account-exists'; readonly id: string }
  | { readonly kind: 'account-unknown'; readonly id: string; readonly known: readonly string[] }
  | { readonly kind: 'credential-taken'; readonly account: string }
  /** A certificate of an access CA with another role than officer. */
  | { readonly kind: 'break-glass-is-for-officers' }
  /** The structure of the account is not in its scope. */
  | { readonly kind: 'structure-out-of-scope'; readonly id: string }
  | { readonly kind: 'nothing-to-change'; readonly id: string };

type AccountWorld = Pick<World, 'store' | 'clock'>;

/**
 * The author of a change, for the audit log. `login` is the operating system's name of the person
 * at the terminal, `officer` the account of an officer; `officers` are two who have agreed, the
 * second one last. `ceremony` is one whose plan names the account, and `certificate` the id of the
 * certificate that it made.
 */
export type ChangedBy =
  | { readonly login: string }
  | { readonly officer: string }
  | { readonly officers: readonly [string, string]; readonly approval: string }
  | { readonly ceremony: string; readonly planSha256: string; readonly certificate: string };

/** What is left out is as in `ACCOUNT_DEFAULTS`. */
export type NewAccount = Pick<Account, 'id' | 'name' | 'roles' | 'scope' | 'credentials'> &
  Partial<Pick<Account, keyof typeof ACCOUNT_DEFAULTS>>;

export async function addAccount(
  { store, clock }: AccountWorld,
  added: NewAccount,
  by: ChangedBy,
): Promise<Result<Account, AccountFailure>> {
  const at = clock();
  const outcome = await store.transaction(async (tx): Promise<Result<Account, AccountFailure>> => {
    const account = decideNew(await tx.accounts(), added, at);
    if (account.ok) await writeNew(tx, account.value, { at, by });
    return account;
  });
  return outcome.ok ? outcome.value : outcome;
}

export function decideNew(
  accounts: readonly Account[],
  added: NewAccount,
  at: Instant,
): Result<Account, AccountFailure> {
  const account: Account = { ...ACCOUNT_DEFAULTS, ...added, disabled: false, createdAt: at };
  if (accounts.some(({ id }) => id === account.id)) return err({ kind: 'account-exists', id: account.id });
  const fault = credentialFault(accounts, account) ?? structureFault(account);
  return fault === null ? ok(account) : err(fault);
}

type Authorship = { readonly at: Instant; readonly by: ChangedBy };

export async function writeNew(tx: Transaction, account: Account, written: Authorship): Promise<void> {
  await tx.insertAccount(account);
  await tx.appendAudit([accountEvent(account, { type: 'account.added' }, written)]);
}

/** The rights that change; the others stay as they are. */
export type RightsChange = Partial<Omit<AccountRights, 'scope' | 'limits'> & AccountScope> & {
  readonly limits?: Partial<AccountLimits>;
};

/** Everything about an account that can be changed, but its credentials. */
export type AccountRights = Pick<Account, 'name' | 'roles' | 'scope' | keyof typeof ACCOUNT_DEFAULTS>;

export type AccountChange =
  | 'disable'
  | 'enable'
  | { readonly credentials: Account['credentials'] }
  | { readonly rights: RightsChange };

type ChangedAccount = { readonly before: Account; readonly after: Account };

/**
 * A disabled account, a certificate that is no longer a credential, and a right that the account no
 * longer has, are refused at the next request.
 */
export async function changeAccount(
  { store, clock }: AccountWorld,
  wanted: WantedChange,
  by: ChangedBy,
): Promise<Result<ChangedAccount, AccountFailure>> {
  const at = clock();
  const outcome = await store.transaction(async (tx): Promise<Result<ChangedAccount, AccountFailure>> => {
    const decided = decideWanted(await tx.accounts(), wanted);
    if (decided.ok) await writeChanged(tx, decided.value, { at, by });
    return decided;
  });
  return outcome.ok ? outcome.value : outcome;
}

type WantedChange = { readonly id: string; readonly change: AccountChange };
type DecidedAccount = ChangedAccount & { readonly event: AccountEvent };

export function decideWanted(
  accounts: readonly Account[],
  { id, change }: WantedChange,
): Result<DecidedAccount, AccountFailure> {
  const before = accounts.find((one) => one.id === id);
  if (before === undefined) return err({ kind: 'account-unknown', id, known: accounts.map((one) => one.id) });
  const { event, after } = decideChange(before, change);
  if (after === null) return err({ kind: 'nothing-to-change', id });
  const fault = typeof change === 'string' ? null : (credentialFault(accounts, after) ?? structureFault(after));
  return fault === null ? ok({ before, after, event }) : err(fault);
}

export async function writeChanged(
  tx: Transaction,
  { after, event }: DecidedAccount,
  written: Authorship,
): Promise<void> {
  await tx.updateAccount(after);
  if (event.type === 'account.disabled') await pauseOrdersOf(tx, after.id, written.at);
  await tx.appendAudit([accountEvent(after, event, written)]);
}

/** What happened to the account, without the account as it is afterwards. */
type AccountEvent =
  | { readonly type: 'account.added' | 'account.credential-added' | 'account.rotated' }
  | { readonly type: 'account.disabled' | 'account.enabled' }
  | ({ readonly type: 'account.changed' } & Pick<AuditDetails<'account.changed'>, 'changed' | 'before'>);

/** `after` is null: the account is already as requested. */
type DecidedChange = { readonly event: AccountEvent; readonly after: Account | null };

function decideChange(account: Account, change: AccountChange): DecidedChange {
  if (change === 'disable' || change === 'enable') {
    const disabled = change === 'disable';
    const after = account.disabled === disabled ? null : { ...account, disabled };
    return { event: { type: disabled ? 'account.disabled' : 'account.enabled' }, after };
  }
  if ('credentials' in change)
    return { event: { type: 'account.rotated' }, after: { ...account, credentials: change.credentials } };
  const after = withRights(account, change.rights);
  const parts = differingRights(account, after);
  const before = rightsDetails(account);
  return {
    event: { type: 'account.changed', changed: parts, before },
    after: parts.length === 0 ? null : after,
  };
}

function withRights(account: Account, change: RightsChange): Account {
  const { name, roles, limits, networks, expiresAt, structure, ...lists } = change;
  return {
    ...account,
    name: name ?? account.name,
    roles: roles ?? account.roles,
    scope: { ...account.scope, ...lists },
    limits: { ...account.limits, ...limits },
    networks: networks ?? account.networks,
    expiresAt: expiresAt === undefined ? account.expiresAt : expiresAt,
    structure: structure === undefined ? account.structure : structure,
  };
}

/** The rights that can be changed, in the order in which people read them. */
export const RIGHTS = {
  name: ({ name }) => name,
  roles: ({ roles }) => roles,
  profiles: ({ scope }) => scope.profiles,
  structures: ({ scope }) => scope.structures,
  domains: ({ scope }) => scope.domains,
  holders: ({ scope }) => scope.holders,
  limits: ({ limits }) => Object.entries(limits).flatMap(([limit, max]) => (max === null ? [] : [`${limit} ${max}`])),
  networks: ({ networks }) => networks,
  expiresAt: ({ expiresAt }) => (expiresAt === null ? [] : [formatInstant(expiresAt)]),
  structure: ({ structure }) => (structure === null ? [] : [structure.id, structure.name, structure.department]),
} as const satisfies { readonly [Part in keyof RightsChange]-?: (account: Account) => Account['name' | 'roles'] };

/** The names of the rights that differ. */
export function differingRights(before: Account, after: Account): readonly (keyof RightsChange)[] {
  return (Object.keys(RIGHTS) as (keyof RightsChange)[]).filter(
    (part) => JSON.stringify(RIGHTS[part](before)) !== JSON.stringify(RIGHTS[part](after)),
  );
}

/** Why an account cannot have these credentials; null: it can. */
function credentialFault(accounts: readonly Account[], account: Account): AccountFailure | null {
  const taken = ownerOfKeys(accounts, account);
  if (taken !== null) return { kind: 'credential-taken', account: taken };
  const isMisplaced = isBoundToAccessAuthority(account) && !isOfOfficers(account);
  return isMisplaced ? { kind: 'break-glass-is-for-officers' } : null;
}

function structureFault({ structure, scope }: Account): AccountFailure | null {
  if (structure === null || structureInScope(scope, structure.id)) return null;
  return { kind: 'structure-out-of-scope', id: structure.id };
}

/** The id of another account that has one of these keys; null: there is none. */
export function ownerOfKeys(accounts: readonly Account[], { id, credentials }: Account): string | null {
  const keys = new Set(credentials.map(({ spkiSha256 }) => spkiSha256));
  const isTaken = (other: Account): boolean => other.credentials.some(({ spkiSha256 }) => keys.has(spkiSha256));
  return accounts.find((other) => other.id !== id && isTaken(other))?.id ?? null;
}

export function accountEvent(
  account: Account,
  event: AccountEvent,
  { at, by }: { readonly at: Instant; readonly by: ChangedBy },
): AuditEvent {
  const actor = actorOf(by);
  const details = { ...accountDetails(account), ...('officer' in by ? {} : by) };
  if (event.type !== 'account.changed') return { at, type: event.type, actor, details };
  const { type, changed, before } = event;
  return { at, type, actor, details: { ...details, changed, before } };
}

function actorOf(by: ChangedBy): string {
  if ('officer' in by) return accountActor(by.officer);
  return 'officers' in by ? accountActor(by.officers[1]) : SYSTEM;
}

/** The account as audit entries show it. */
export function accountDetails(account: Account): AuditDetails<'account.added'> {
  return { account: account.id, ...rightsDetails(account), credentials: account.credentials };
}

/** Without the name, which may be that of a person: the audit log is kept forever. */
function rightsDetails({ roles, scope, limits, networks, expiresAt, structure }: Account) {
  return { roles, scope, limits, networks, expiresAt, structure: structure?.id ?? null };
}
