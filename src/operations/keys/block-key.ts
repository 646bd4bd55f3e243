/**
 * Blocks keys by the decision of an officer, for example a leaked key, or one that a faulty library
 * has made. One officer blocks, two unblock (`unblock-key.ts`). The change and its audit entry are
 * one transaction, and apply to the next request. Existing certificates with the key are not
 * revoked by it: that is a separate decision, with a reason of RFC 5280.
 */
import { accountActor } from '../../audit/actors.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { BlockedKey } from '../../ports/store/blocked-keys.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import { officersFault } from '../officers.js';
import type { World } from '../world.js';

export type BlockFailure =
  | StoreFailure
  | { readonly kind: 'not-an-officer'; readonly detail: string }
  | { readonly kind: 'key-blocked-already'; readonly blocked: BlockedKey };

/**
 * `login`: the operating system's name of the person at the terminal. `reason`: is audited, and
 * must not contain personal data.
 */
type Decision = { readonly officer: string; readonly reason: string; readonly login: string };

export async function blockKey(
  { store, clock }: Pick<World, 'store' | 'clock'>,
  spkiSha256: string,
  { officer, reason, login }: Decision,
): Promise<Result<BlockedKey, BlockFailure>> {
  const at = clock();
  const outcome = await store.transaction(async (tx): Promise<Result<BlockedKey, BlockFailure>> => {
    const fault = await officersFault(tx, [officer], { count: 1, action: 'block-key', now: at });
    if (fault !== null) return err({ kind: 'not-an-officer', detail: fault });
    const [known] = await tx.blockedKeys([spkiSha256]);
    if (known !== undefined) return err({ kind: 'key-blocked-already', blocked: known });
    const actor = accountActor(officer);
    const blocked = { spkiSha256, at, actor, reason };
    await tx.insertBlockedKey(blocked);
    const details = { spkiSha256, officers: [officer], login, reason };
    await tx.appendAudit([{ at, type: 'key.blocked', actor, details }]);
    return ok(blocked);
  });
  return outcome.ok ? outcome.value : outcome;
}
