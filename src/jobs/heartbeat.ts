/**
 * A counter in the database that a service increments as long as it runs, whatever its clock shows.
 * If the counter in a replica does not change, either the replica is behind or no service runs that
 * could increment it.
 */
import type { Reads, Transaction } from '../ports/store.js';

const MARK = 'heartbeat';

export async function readHeartbeat(reads: Pick<Reads, 'mark'>): Promise<string | null> {
  return reads.mark(MARK);
}

export async function incrementHeartbeat(tx: Pick<Transaction, 'mark' | 'setMark'>): Promise<void> {
  await tx.setMark(MARK, String(Number((await readHeartbeat(tx)) ?? '0') + 1));
}
