/**
 * The timers of updates, in database time: a clock that stops delays them and never hastens them.
 * Both sets of an update that nobody has confirmed in time stay good, because nobody knows which of
 * them the card holds.
 */
import type { Instant } from '../../kernel/clock.js';
import { SECOND_MS } from '../../kernel/duration.js';
import type { Result } from '../../kernel/result.js';
import { isExpired, statusEvents } from '../../lifecycle/certificate-states.js';
import type { CardUpdate } from '../../ports/store/cards/card-updates.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Transaction } from '../../ports/store.js';
import { noteUpdates } from '../campaigns/update-hooks.js';
import { revokeRecords } from '../revocation/revoke-records.js';
import type { World } from '../world.js';
import { expiredMove } from './campaign-moves.js';
import { confirmUpdates } from './change-updates.js';
import { confirmedByTime, isDecidedByTime, recordsOf } from './end-updates.js';
import { detailsOf, updateEvent } from './update-entries.js';

/** Other transactions wait for the end of this one. */
const UPDATES_PER_TRANSACTION = 200;

type DueWorld = Pick<World, 'store' | 'clock' | 'log' | 'statusChanged'>;

/** Works off some of the updates that are due. Returns whether there may be more. */
export async function workDueUpdates({
  store,
  clock,
  log,
  statusChanged,
}: DueWorld): Promise<Result<boolean, StoreFailure>> {
  let late: readonly CardUpdate[] = [];
  let revoked: readonly CertificateRecord[] = [];
  const worked = await store.transaction(async (tx) => {
    const { now } = await tx.databaseClock();
    const due = await tx.updatesDue(now, UPDATES_PER_TRANSACTION);
    const records = await recordsOf(tx, due);
    const moment = { now, at: clock() };
    late = due.filter(({ state }) => state === 'offered' || state === 'writing');
    await expire(tx, late, { ...moment, records });
    const undetermined = due.filter(({ state }) => state === 'undetermined');
    const decided = undetermined.filter((one) => isDecidedByTime(one, records, now));
    await confirmUpdates(tx, decided.map(confirmedByTime), { actor: 'system', ...moment });
    revoked = await complete(
      tx,
      due.filter(({ state }) => state === 'confirmed'),
      { ...moment, records },
    );
    return due.length === UPDATES_PER_TRANSACTION;
  });
  // Reported even if the result of the commit was lost, because it may have taken effect.
  if (revoked.length > 0) statusChanged(revoked);
  if (!worked.ok) return worked;
  for (const { id, accountId } of late) log.warn('update.undetermined', { id, account: accountId });
  return worked;
}

type Due = {
  readonly now: Instant;
  readonly at: Instant;
  readonly records: ReadonlyMap<string, CertificateRecord>;
};

/** confirmBy has passed. The update is then listed until its card speaks or officers decide. */
async function expire(tx: Transaction, updates: readonly CardUpdate[], { now, at, records }: Due): Promise<void> {
  if (updates.length === 0) return;
  await tx.changeUpdates(
    updates.map(({ id, version, state, oldIds }) => ({
      id,
      version,
      from: state,
      state: 'undetermined',
      stateAt: now,
      dueAt: Math.max(now, ...oldIds.map((one) => firstExpiredAt(records.get(one)))),
    })),
  );
  await tx.appendAudit(
    updates.map((update) => ({
      at,
      type: 'update.undetermined',
      actor: 'system',
      details: detailsOf(update, null),
    })),
  );
  await tx.publish(updates.map((update) => updateEvent('update.undetermined', update, at)));
  await noteUpdates(tx, updates.map(expiredMove), { actor: 'system', at: now });
}

/** The first moment at which the certificate has expired; 0: it was revoked. */
function firstExpiredAt(record: CertificateRecord | undefined): Instant {
  return record === undefined || record.state.status === 'revoked' ? 0 : record.notAfter + SECOND_MS;
}

/**
 * The old certificates that end with the overlap. If the new one of a key was revoked meanwhile,
 * the old one stays, because the card has no other live key of that kind.
 */
function replacedOf(
  { oldIds, newIds }: CardUpdate,
  records: ReadonlyMap<string, CertificateRecord>,
): readonly CertificateRecord[] {
  const kept = newIds.flatMap((id) => {
    const record = records.get(id);
    return record?.state.status === 'revoked' ? (record.renews ?? []) : [];
  });
  return oldIds.filter((id) => !kept.includes(id)).flatMap((id) => records.get(id) ?? []);
}

/** The overlap is over. Returns the old certificates that are revoked for it. */
async function complete(
  tx: Transaction,
  updates: readonly CardUpdate[],
  { now, at, records }: Due,
): Promise<readonly CertificateRecord[]> {
  if (updates.length === 0) return [];
  await tx.changeUpdates(
    updates.map(({ id, version, state }) => ({
      id,
      version,
      from: state,
      state: 'completed',
      stateAt: now,
      dueAt: null,
    })),
  );
  await tx.appendAudit(
    updates.map((update) => ({ at, type: 'update.completed', actor: 'system', details: detailsOf(update, null) })),
  );
  const superseded = updates
    .filter(({ supersede }) => supersede === 'revoke')
    .flatMap((update) => replacedOf(update, records))
    .filter(({ notAfter }) => !isExpired(notAfter, now));
  const revoked = await revokeRecords(tx, superseded, { reason: 'superseded', actor: 'system', at });
  await tx.publish([
    ...statusEvents(revoked, at),
    ...updates.map((update) => updateEvent('update.completed', update, at)),
  ]);
  return revoked;
}
