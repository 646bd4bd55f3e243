/**
 * Reads and writes leases: of several services on one database, only the holder of the lease does a
 * periodic job. Each lease that is taken has a fencing token, one higher than the token before. A
 * transaction that finds another token in its lease writes nothing.
 */
import { assert } from '../../../kernel/assert.js';
import type { Instant } from '../../../kernel/clock.js';
import { HOUR_MS } from '../../../kernel/duration.js';
import type { Lease, LeaseWrites } from '../../../ports/store/leases.js';
import type { Clock } from '../../../ports/world.js';
import { databaseTime } from '../../engine/database-clock.js';
import type { Session } from '../../engine/session.js';
import { integer, text } from '../columns.js';

/**
 * No lease lasts longer than this. A lease whose end is further away was taken while the clock was
 * wrong, and is ignored.
 */
const LEASE_MS_MAX = HOUR_MS;

/** Whether a lease that ends at `heldUntil` is in force. */
export function isInForceAt(heldUntil: Instant, now: Instant): boolean {
  return heldUntil > now && heldUntil <= now + LEASE_MS_MAX;
}

export function leaseWrites(session: Session, clock: Clock | null): LeaseWrites {
  const { db } = session;
  /**
   * Whether the run has ended. Its leases are then ignored, because its process knows that it was
   * ended, or is dead.
   */
  const hasEnded = async (run: string): Promise<boolean> =>
    (await session.first(db('runs').where({ run }).whereNotNull('ended_at'))) !== null;
  // The holder is compared too: a promoted standby that lacks the last lease gives its token again,
  // to another holder.
  const rowOf = ({ name, holder, fencingToken }: Lease) =>
    db('leases').where({ name, holder, fencing_token: fencingToken });
  return {
    takeLease: async ({ name, holder, durationMs }) => {
      assert(durationMs > 0 && durationMs <= LEASE_MS_MAX, 'a lease lasts an hour at most');
      const now = await databaseTime(session, clock);
      const row = await session.first(db('leases').where({ name }).forUpdate());
      const isHeld = row !== null && text(row, 'holder') !== holder && isInForceAt(integer(row, 'held_until'), now);
      if (isHeld && !(await hasEnded(text(row, 'holder')))) return null;
      const fencingToken = (row === null ? 0 : integer(row, 'fencing_token')) + 1;
      const lease = { name, holder, fencing_token: fencingToken, held_until: now + durationMs };
      await session.rows(db('leases').insert(lease).onConflict('name').merge());
      return { name, holder, fencingToken };
    },
    renewLease: async (lease, durationMs) => {
      const until = (await databaseTime(session, clock)) + durationMs;
      return (await session.changes(rowOf(lease).update({ held_until: until }))) === 1;
    },
    endLease: async (lease) => void (await session.changes(rowOf(lease).update({ held_until: 0 }))),
    isLeaseCurrent: async (lease) => {
      // The row is locked until the end of the transaction.
      const row = await session.first(rowOf(lease).forUpdate());
      return row !== null;
    },
  };
}
