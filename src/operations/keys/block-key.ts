/**
 * Blocks keys by the decision of an officer, for example a leaked key, or one that a faulty library
 * has made. One officer blocks, two unblock. The change and its audit entry are one transaction,
 * and apply to the next request. Existing certificates with the key are not revoked by it: that is
 * a separate decision, with a reason of RFC 5280.
 */
import type { AuditEvent } from '../../audit/events.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { BlockedKey } from '../../ports/store/blocked-keys.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Transaction } from '../../ports/store.js';
import { officersFault } from '../officers.js';
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

export function blockKey(world: KeyWorld, spkiSha256: string, by: Decision): Promise<Result<BlockedKey, BlockFailure>> {
  return changeKey(world, spkiSha256, async (tx, known, at) => {
    const fault = await officersFault(tx, by.officers, { count: 1, action: 'block-key' });
    if (fault !== null) return err({ kind: 'not-an-officer', detail: fault });
    if (known !== undefined) return err({ kind: 'key-blocked-already', blocked: known });
    const blocked = { spkiSha256, at, actor: by.officers[0] ?? '', reason: by.reason };
    await tx.insertBlockedKey(blocked);
    await tx.appendAudit([eventOf('key.blocked', blocked, by)]);
    return ok(blocked);
  });
}

export function unblockKey(
  world: KeyWorld,
  spkiSha256: string,
  by: Decision,
): Promise<Result<BlockedKey, BlockFailure>> {
  return changeKey(world, spkiSha256, async (tx, known, at) => {
    const fault = await officersFault(tx, by.officers, { count: 2, action: 'approve' });
    if (fault !== null) return err({ kind: 'not-an-officer', detail: fault });
    if (known === undefined) return err({ kind: 'key-not-blocked' });
    await tx.deleteBlockedKey(spkiSha256);
    await tx.appendAudit([eventOf('key.unblocked', { ...known, at }, by)]);
    return ok(known);
  });
}

type KeyChange = (
  tx: Transaction,
  known: BlockedKey | undefined,
  at: Instant,
) => Promise<Result<BlockedKey, BlockFailure>>;

async function changeKey(
  { store, clock }: KeyWorld,
  spkiSha256: string,
  change: KeyChange,
): Promise<Result<BlockedKey, BlockFailure>> {
  const at = clock();
  const outcome = await store.transaction(async (tx) => {
    const [known] = await tx.blockedKeys([spkiSha256]);
    return change(tx, known, at);
  });
  return outcome.ok ? outcome.value : outcome;
}

function eventOf(
  type: 'key.blocked' | 'key.unblocked',
  { spkiSha256, at }: BlockedKey,
  { officers, reason, login }: Decision,
): AuditEvent {
  return { at, type, actor: officers[0] ?? '', details: { spkiSha256, officers, login, reason } };
}
