/**
 * Reads the clock of the database and the high-water mark. SQLite has no clock, so that the caller
 * gives the clock of its process.
 */
import { present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import type { RunId } from '../../ports/node.js';
import type { ClockReads, ClockWrites, DatabaseClock, IssuanceClock } from '../../ports/store/clock.js';
import type { Clock } from '../../ports/world.js';
import { flag, integer, textOrNull } from '../tables/columns.js';
import { markWrites, metaKeyOf } from '../tables/marks.js';
import type { Session } from './session.js';

const CLOCK_MARK = 'clock';

/**
 * SQL for the time of the server in milliseconds since 1970. `now()` is not used: it is the time at
 * which the transaction began, before it waited for the write lock.
 */
export const SERVER_TIME = 'floor(extract(epoch from clock_timestamp()) * 1000)::bigint';

/** Returns the time of `clock`, or of the database server if it is null. */
export async function databaseTime(session: Session, clock: Clock | null): Promise<Instant> {
  if (clock !== null) return clock();
  const [row] = await session.sql(`select ${SERVER_TIME} as now`);
  return integer(present(row, 'the time of the server'), 'now');
}

export function clockReads(session: Session, clock: Clock | null): ClockReads {
  return {
    databaseClock: () => databaseClock(session, clock),
    issuanceClock: (run) => issuanceClock(session, { run, clock }),
  };
}

async function databaseClock(session: Session, clock: Clock | null): Promise<DatabaseClock> {
  const { now, mark } = await issuanceClock(session, { run: null, clock });
  return { now, mark };
}

/**
 * Reads the clock, the mark and the state of the run in one statement, because every group of
 * requests reads them under the write lock.
 */
async function issuanceClock(
  session: Session,
  { run, clock }: { readonly run: RunId | null; readonly clock: Clock | null },
): Promise<IssuanceClock> {
  const time = clock === null ? SERVER_TIME : '0';
  const rows = await session.sql(
    `select (select value from meta where key = ?) as mark, ${time} as now,
      exists (select 1 from runs where run = ? and ended_at is null) as live`,
    [metaKeyOf(CLOCK_MARK), run],
  );
  const row = present(rows[0], 'the time of the database');
  const isRunLive = flag(row, 'live');
  const mark = textOrNull(row, 'mark');
  const now = clock === null ? integer(row, 'now') : clock();
  return { now, mark: mark === null ? null : Number(mark), isRunLive };
}

/**
 * Returns the clock of a transaction. `databaseClock` asks the database only once in a transaction,
 * because others wait for the write lock during each statement. So everything in the transaction
 * that uses it gets the same time. `issuanceClock` always asks, and later calls of `databaseClock`
 * return its time.
 */
export function transactionClock(session: Session, clock: Clock | null): ClockReads & ClockWrites {
  let known: DatabaseClock | null = null;
  return {
    databaseClock: async () => {
      known ??= await databaseClock(session, clock);
      return known;
    },
    issuanceClock: async (run) => {
      const found = await issuanceClock(session, { run, clock });
      known = { now: found.now, mark: found.mark };
      return found;
    },
    setClockMark: async (at) => {
      await markWrites(session).setMark(CLOCK_MARK, String(at));
      known = known === null ? null : { ...known, mark: at };
    },
  };
}
