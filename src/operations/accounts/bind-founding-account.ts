/**
 * Creates the account that the plan of a ceremony names, or gives it one more certificate if it
 * exists: the way back when an account has lost all of its certificates. A disabled account stays
 * disabled.
 */
import { ACCOUNT_DEFAULTS } from '../../access/account.js';
import type { FoundingAccount } from '../../ceremony/founding.js';
import type { Instant } from '../../kernel/clock.js';
import { canonicalJson } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Transaction } from '../../ports/store.js';
import { accountEvent, type ChangedBy, ownerOfKeys } from './change-account.js';

type Binding = {
  readonly account: FoundingAccount;
  readonly credential: Account['credentials'][number];
  /** Whether the key is in a file of blocked keys. */
  readonly isBlocked: boolean;
};

/**
 * The error says why the account does not get the certificate. Operators can still bind the
 * certificate, which is registered (`pfcng account`).
 */
export async function bindFoundingAccount(
  tx: Transaction,
  { account: planned, credential, isBlocked }: Binding,
  { at, by }: { readonly at: Instant; readonly by: ChangedBy },
): Promise<Result<Account, string>> {
  const { spkiSha256 } = credential;
  if (isBlocked || (await tx.compromisedKeys([spkiSha256])).length > 0) return err('its key is compromised or blocked');
  const accounts = await tx.accounts();
  const existing = accounts.find(({ id }) => id === planned.id) ?? null;
  if (existing !== null && rightsOf(existing) !== rightsOf(planned))
    return err('the account has other roles or another scope than the plan says');
  const account: Account =
    existing === null
      ? { ...ACCOUNT_DEFAULTS, ...planned, credentials: [credential], disabled: false, createdAt: at }
      : { ...existing, credentials: [...existing.credentials, credential] };
  const taken = ownerOfKeys(accounts, account);
  if (taken !== null) return err(`the key is already that of the account ${taken}`);
  const isKnown = existing?.credentials.some(
    (one) => one.issuer === credential.issuer && one.spkiSha256 === credential.spkiSha256,
  );
  if (isKnown === true) return ok(account);
  if (existing === null) await tx.insertAccount(account);
  else await tx.updateAccount(account);
  await tx.appendAudit([
    accountEvent(account, { type: existing === null ? 'account.added' : 'account.credential-added' }, { at, by }),
  ]);
  return ok(account);
}

/** Roles and scope as one text, whatever the order in their lists. */
function rightsOf({ roles, scope }: Pick<Account, 'roles' | 'scope'>): string {
  const { profiles, structures, domains, holders } = scope;
  return canonicalJson([roles, profiles, structures, domains, holders].map((values) => [...values].sort()));
}
