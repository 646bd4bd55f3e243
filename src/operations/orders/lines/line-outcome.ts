/**
 * Stores the outcomes of lines for which nothing is signed: refusals, duplicates, and what dry runs
 * foresee. Like a reservation, it checks the clocks and the lease of the order in its transaction.
 */
import type { ForeseenKey, SettledLine } from '../../../ports/store/orders.js';
import type { GroupedWork, Transaction } from '../../../ports/store.js';
import type { Clock } from '../../../ports/world.js';
import { type ClockFault, clockFault } from '../../clock.js';
import { type LeasedLine, workableLines } from './line-states.js';

type LineOutcome = {
  readonly line: LeasedLine;
  readonly settled: SettledLine;
  /** The keys of a line that would be issued. */
  readonly keys: readonly ForeseenKey[];
  /** The clock of this process, by which the line was judged. */
  readonly clock: Clock;
};

/** A line that a wrong clock has judged might break a rule about times by that clock alone. */
type ClockWrong = { readonly kind: 'clock-wrong'; readonly fault: ClockFault };

/**
 * false: the line may not be worked on here any more, or has its outcome, or another line with its
 * card or one of its keys was foreseen since it was decided, so that it is decided again.
 */
export const LINE_OUTCOME: GroupedWork<Transaction, LineOutcome, boolean | ClockWrong> = {
  run: async (tx, outcomes) => {
    // All lines of a group come from one process, so they have one clock.
    const own = outcomes[0]?.clock();
    const fault = own === undefined ? null : clockFault(await tx.databaseClock(), own);
    if (fault !== null) return outcomes.map(() => ({ kind: 'clock-wrong', fault }));
    const workable = await workableLines(
      tx,
      outcomes.map(({ line }) => line),
    );
    const stored: LineOutcome[] = [];
    for (const one of outcomes) {
      if (!workable.has(one.line)) continue;
      if (one.keys.length === 0 || (await storeKeys(tx, one))) stored.push(one);
    }
    if (stored.length > 0) await tx.insertOrderLines(stored.map(({ settled }) => settled));
    return outcomes.map((one) => stored.includes(one));
  },
};

/** false: another line has the card or one of the keys. */
async function storeKeys(tx: Transaction, { line, settled, keys }: LineOutcome): Promise<boolean> {
  const { cardTokenId } = settled;
  const asked = { cardTokenId, keys: keys.map(({ spkiSha256 }) => spkiSha256) };
  if ((await tx.foreseenKeys(line.orderId, asked)).length > 0) return false;
  await tx.insertForeseenKeys(keys);
  return true;
}
