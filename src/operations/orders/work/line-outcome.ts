/**
 * Stores the outcomes of lines for which nothing is signed: refusals, duplicates, and what dry runs
 * foresee. Like a reservation, it checks the lease of the order in its transaction.
 */
import type { SettledLine } from '../../../ports/store/orders.js';
import type { GroupedWork, Transaction } from '../../../ports/store.js';
import { type LeasedLine, workableLines } from './line-states.js';

type LineOutcome = { readonly line: LeasedLine; readonly settled: SettledLine };

/** false: the line may not be worked on here any more, or has its outcome. */
export const LINE_OUTCOME: GroupedWork<Transaction, LineOutcome, boolean> = {
  run: async (tx, outcomes) => {
    const workable = await workableLines(
      tx,
      outcomes.map(({ line }) => line),
    );
    const stored = outcomes.filter(({ line }) => workable.has(line));
    if (stored.length > 0) await tx.insertOrderLines(stored.map(({ settled }) => settled));
    return outcomes.map((one) => stored.includes(one));
  },
};
