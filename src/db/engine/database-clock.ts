/**
 * The clock of the database, and the high-water mark. SQLite has no clock that could differ from
 * that of its process.
 */
import { present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import type { DatabaseClock } from '../../ports/store/clock.js';
import type { Clock } from '../../ports/world.js';
import { integer, textOrNull } from '../tables/columns.js';
import { keyOf, markWrites } from '../tables/marks.js';
import type { Session } from './session.js';

const MARK = 'clock';

/** `now()` would be the time at which the transaction began to wait for the write lock. */
const SERVER_TIME = 'floor(extract(epoch from clock_timestamp()) * 1000)::bigint';

/** Returns the time of `clock`, or of the database server if it is null. */
export async function databaseTime(session: Session, clock: Clock | null): Promise<Instant> {
  if (clock !== null) return clock();
  const [row] = await session.sql(`select ${SERVER_TIME} as now`);
  return integer(present(row, 'the time of the server'), 'now');
}

/** One statement, because every group of requests reads it under the write lock. */
export async function databaseClock(session: Session, clock: Clock | null): Promise<DatabaseClock> {
  const time = clock === null ? SERVER_TIME : '0';
  const rows = await session.sql(`select (select value from meta where key = ?) as mark, ${time} as now`, [
    keyOf(MARK),
  ]);
  const row = present(rows[0], 'the time of the database');
  const mark = textOrNull(row, 'mark');
  return { now: clock === null ? integer(row, 'now') : clock(), mark: mark === null ? null : Number(mark) };
}

export function setClockMark(session: Session, at: Instant): Promise<void> {
  return markWrites(session).setMark(MARK, String(at));
}
