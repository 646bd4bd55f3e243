/**
 * Blocks keys by the decision of an officer, for example a leaked key, or one that a faulty library
 * has made. One officer blocks, two unblock. The change and its audit entry are one transaction,
 * and apply to the next request. Existing certificates with the key are not revoked by it: that is
 * a separate decision, with a reason of RFC 5280.
 */
import { decideAccess } from '../../access/decide.js';
import type { Action } from '../../access/roles.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { BlockedKey } from '../../ports/store/blocked-keys.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Transaction } from '../../ports/store.js';
import type { World } from '../world.js';

export type BlockFailure =
  | StoreFailure
  | { readonly kind: 'not-an-officer'; readonly detail: string }
  | { readonly kind: 'key-blocked-already'; readonly blocked: BlockedKey }
  | { readonly kind: 'key-not-blocked' };

type KeyWorld = Pick<World, 'store' | 'clock'>;

/**
 * `login`: the operating system's name of the person at the terminal. `reason`: is audited, and
 * must not contain personal data.
 */
type Decision = { readonly officers: readonly string[]; readonly reason: string; readonly login: string };

export async function blockKey(
  { store, clock }: KeyWorld,
  spkiSha256: string,
  by: Decision,
): Promise<Result<BlockedKey, BlockFailure>> {
  const at = clock();
  return decided(
    await store.transaction(async (tx): Promise<Result<BlockedKey, BlockFailure>> => {
      const refused = await refuse(tx, by.officers, { count: 1, action: 'block-key' });
      if (refused !== null) return err(refused);
      const [known] = await tx.blockedKeys([spkiSha256]);
      if (known !== undefined) return err({ kind: 'key-blocked-already', blocked: known });
      const blocked = { spkiSha256, at, actor: by.officers[0] ?? '', reason: by.reason };
      await tx.insertBlockedKey(blocked);
      await tx.appendAudit([eventOf('key.blocked', blocked, by)]);
      return ok(blocked);
    }),
  );
}

export async function unblockKey(
  { store, clock }: KeyWorld,
  spkiSha256: string,
  by: Decision,
): Promise<Result<BlockedKey, BlockFailure>> {
  const at = clock();
  return decided(
    await store.transaction(async (tx): Promise<Result<BlockedKey, BlockFailure>> => {
      const refused = await refuse(tx, by.officers, { count: 2, action: 'approve' });
      if (refused !== null) return err(refused);
      const [known] = await tx.blockedKeys([spkiSha256]);
      if (known === undefined) return err({ kind: 'key-not-blocked' });
      await tx.deleteBlockedKey(spkiSha256);
      await tx.appendAudit([eventOf('key.unblocked', { ...known, at }, by)]);
      return ok(known);
    }),
  );
}

type OfficersNeeded = { readonly count: 1 | 2; readonly action: Action };

/** null: there are exactly as many different accounts as needed, and each of them may do it. */
async function refuse(
  tx: Pick<Transaction, 'accounts'>,
  officers: readonly string[],
  { count, action }: OfficersNeeded,
): Promise<BlockFailure | null> {
  if (officers.length !== count || new Set(officers).size !== count)
    return { kind: 'not-an-officer', detail: count === 1 ? 'name one officer' : 'name two different officers' };
  const accounts = await tx.accounts();
  for (const id of officers) {
    const fault = whyNot(
      accounts.find((one) => one.id === id),
      action,
    );
    if (fault !== null) return { kind: 'not-an-officer', detail: `${id}: ${fault}` };
  }
  return null;
}

function whyNot(account: Account | undefined, action: Action): string | null {
  if (account === undefined) return 'there is no such account';
  const decision = decideAccess(account, action, null);
  return decision.ok ? null : decision.error.detail;
}

function eventOf(type: string, { spkiSha256, at }: BlockedKey, { officers, reason, login }: Decision) {
  const details = { spkiSha256, officers: [...officers], login, reason };
  return { at, type, actor: officers[0] ?? '', outcome: 'success', details } as const;
}

function decided(result: Result<Result<BlockedKey, BlockFailure>, StoreFailure>): Result<BlockedKey, BlockFailure> {
  return result.ok ? result.value : result;
}
