/** Reads what shows how old the data of a PostgreSQL server may be. */
import { present } from '../../kernel/assert.js';
import { COMMITTED_MARK, type Freshness } from '../../ports/store/freshness.js';
import type { Clock } from '../../ports/world.js';
import { isPostgresql } from '../schema/dialect.js';
import { integer, integerOrNull, textOrNull } from '../tables/columns.js';
import { metaKeyOf } from '../tables/marks.js';
import { SERVER_TIME } from './database-clock.js';
import type { Session } from './session.js';

const FRESHNESS_SQL = `select ${SERVER_TIME} as now,
  (select max(seen_at) from runs where ended_at is null) as heartbeat,
  (select value from meta where key = ?) as committed`;

/**
 * Returns what the server shows; null: the database is a SQLite file, which is never behind a
 * server. `clock`: null: the time is that of the PostgreSQL server.
 */
export async function freshness(session: Session, clock: Clock | null): Promise<Freshness | null> {
  if (!isPostgresql(session.db)) return null;
  const [row] = await session.sql(FRESHNESS_SQL, [metaKeyOf(COMMITTED_MARK)]);
  const found = present(row, 'what the server says of itself');
  const committed = textOrNull(found, 'committed');
  return {
    now: clock === null ? integer(found, 'now') : clock(),
    heartbeat: integerOrNull(found, 'heartbeat'),
    committed: committed === null ? null : Number(committed),
  };
}
