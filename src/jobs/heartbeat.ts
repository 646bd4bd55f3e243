/**
 * Counts on in the database as long as a service lives, whatever its clock says: a replica in which it stands still is behind, or nobody
 * is left to say.
 */
import type { Reads, Transaction } from '../ports/store.js';

const MARK = 'pulse';

export async function readPulse(reads: Pick<Reads, 'mark'>): Promise<string | null> {
  return reads.mark(MARK);
}

export async function beat(tx: Pick<Transaction, 'mark' | 'setMark'>): Promise<void> {
  await tx.setMark(MARK, String(Number((await readPulse(tx)) ?? '0') + 1));
}
