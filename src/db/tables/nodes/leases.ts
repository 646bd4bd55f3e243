/**
 * Leases: of several services on one database, one at a time does a periodic job. The fencing token
 * rises with each new holder. A transaction that finds its token outdated writes nothing.
 */
import { assert } from '../../../kernel/assert.js';
import type { Instant } from '../../../kernel/clock.js';
import { HOUR_MS } from '../../../kernel/duration.js';
import type { Lease, LeaseRequest, LeaseWrites } from '../../../ports/store/leases.js';
import type { Clock } from '../../../ports/world.js';
import { databaseTime } from '../../engine/database-clock.js';
import type { Session } from '../../engine/session.js';
import { integer, text } from '../columns.js';

/** No lease lasts longer. One that seems to was taken while the clock was wrong, and is ignored. */
const LEASE_MS_MAX = HOUR_MS;

/**
 * null: another holder has it. The holder itself renews its lease and keeps the token. `now`: the
 * time of the database.
 */
export async function acquireLease(session: Session, request: LeaseRequest, now: Instant): Promise<Lease | null> {
  const { name, holder, durationMs } = request;
  assert(durationMs > 0 && durationMs <= LEASE_MS_MAX, 'a lease lasts an hour at most');
  const { db } = session;
  const until = now + durationMs;
  const first = { name, holder, fencing_token: 1, held_until: until };
  const inserted = await session.rows(db('leases').insert(first).onConflict('name').ignore().returning('name'));
  if (inserted.length === 1) return { name, holder, fencingToken: 1 };

  const row = await session.first(db('leases').where({ name }).forUpdate());
  assert(row !== null, 'a lease that stands in the way is there');
  const heldUntil = integer(row, 'held_until');
  const binds = bindsAt(heldUntil, now);
  const isOurs = text(row, 'holder') === holder;
  if (binds && !isOurs) return null;
  const fencingToken = integer(row, 'fencing_token') + (binds ? 0 : 1);
  await session.changes(
    db('leases').where({ name }).update({ holder, fencing_token: fencingToken, held_until: until }),
  );
  return { name, holder, fencingToken };
}

/** Ends the lease early. It has no effect when the lease was already lost. */
export async function releaseLease(session: Session, { name, fencingToken }: Lease, now: Instant): Promise<void> {
  const ours = session.db('leases').where({ name, fencing_token: fencingToken });
  await session.changes(ours.where('held_until', '>', now).update({ held_until: now }));
}

/**
 * Whether no other holder has taken the lease since. It locks the row until the end of the
 * transaction.
 */
export async function isLeaseCurrent(session: Session, { name, holder, fencingToken }: Lease): Promise<boolean> {
  // A promoted standby that lacks the last lease gives its token to another holder.
  const ours = session.db('leases').where({ name, holder, fencing_token: fencingToken });
  const row = await session.first(ours.forUpdate());
  return row !== null;
}

export function bindsAt(heldUntil: Instant, now: Instant): boolean {
  return heldUntil > now && heldUntil <= now + LEASE_MS_MAX;
}

export function leaseWrites(session: Session, clock: Clock | null): LeaseWrites {
  const { db } = session;
  /** An ended run holds no lease: its process has been told, or is dead. */
  const hasEnded = async (run: string): Promise<boolean> =>
    (await session.first(db('runs').where({ run }).whereNotNull('ended_at'))) !== null;
  const ours = ({ name, holder, fencingToken }: Lease) =>
    db('leases').where({ name, holder, fencing_token: fencingToken });
  return {
    takeLease: async ({ name, holder, durationMs }) => {
      assert(durationMs > 0 && durationMs <= LEASE_MS_MAX, 'a lease lasts an hour at most');
      const now = await databaseTime(session, clock);
      const row = await session.first(db('leases').where({ name }).forUpdate());
      const isHeld = row !== null && text(row, 'holder') !== holder && bindsAt(integer(row, 'held_until'), now);
      if (isHeld && !(await hasEnded(text(row, 'holder')))) return null;
      const fencingToken = (row === null ? 0 : integer(row, 'fencing_token')) + 1;
      const lease = { name, holder, fencing_token: fencingToken, held_until: now + durationMs };
      await session.rows(db('leases').insert(lease).onConflict('name').merge());
      return { name, holder, fencingToken };
    },
    renewLease: async (lease, durationMs) => {
      const until = (await databaseTime(session, clock)) + durationMs;
      return (await session.changes(ours(lease).update({ held_until: until }))) === 1;
    },
    endLease: async (lease) => void (await session.changes(ours(lease).update({ held_until: 0 }))),
    isLeaseCurrent: (lease) => isLeaseCurrent(session, lease),
  };
}
