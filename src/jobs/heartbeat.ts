/**
 * A counter in the database that a service increments as long as it runs, whatever its clock shows.
 * If the counter in a replica does not change, either the replica is behind or no service runs that
 * could increment it.
 */
import { SECOND_MS } from '../kernel/duration.js';
import type { Reads, Transaction } from '../ports/store.js';

const MARK = 'heartbeat';

export const HEARTBEAT_EVERY_MS = 5 * SECOND_MS;
/** After this time without a heartbeat, the database counts as one that cannot be written. */
export const HEARTBEAT_AGE_MS_MAX = 3 * HEARTBEAT_EVERY_MS;

/** Whether this process can write to the database: the result of its last heartbeats. */
export type HeartbeatState = {
  /** Records that a heartbeat was written. */
  readonly written: () => void;
  /** Records that a heartbeat was not written. */
  readonly failed: (detail: string) => void;
  /** `ageMs`: since the last commit. `detail`: why the last one failed; null: it did not fail. */
  readonly state: () => { readonly ageMs: number; readonly detail: string | null };
};

/** A process begins when it has just written. `steadyMs`: milliseconds of a monotonic clock. */
export function createHeartbeatState(steadyMs: () => number): HeartbeatState {
  let last = steadyMs();
  let failure: string | null = null;
  return {
    written: () => {
      last = steadyMs();
      failure = null;
    },
    failed: (detail) => {
      failure = detail;
    },
    state: () => ({ ageMs: steadyMs() - last, detail: failure }),
  };
}

export async function readHeartbeat(reads: Pick<Reads, 'mark'>): Promise<string | null> {
  return reads.mark(MARK);
}

export async function incrementHeartbeat(tx: Pick<Transaction, 'mark' | 'setMark'>): Promise<void> {
  await tx.setMark(MARK, String(Number((await readHeartbeat(tx)) ?? '0') + 1));
}
