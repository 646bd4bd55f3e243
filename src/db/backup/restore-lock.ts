/**
 * Takes the lock of a restore in its PostgreSQL database. The lock of a home folder does not
 * exclude a restore from another home folder, which could drop what the first one has just put
 * back.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { RESTORE_LOCK } from '../engine/advisory-locks.js';
import { translateError } from '../engine/failures.js';
import { type PooledConnection, takeConnection } from '../engine/pooled-connection.js';
import { openPostgresql, type PostgresqlOptions } from '../engine/postgresql.js';
import { DEFAULT_LIMITS } from '../open.js';
import { flag, integer } from '../tables/columns.js';

export type DatabaseLock = { readonly release: () => Promise<void> };

/**
 * How long a restore waits for the lock. The server needs up to this time to end the connection of
 * a restore that was killed.
 */
const WAIT_MS_MAX = 5 * SECOND_MS;
const POLL_MS = 200;
const ANSWER_MS_MAX = 10 * SECOND_MS;

const TAKE_SQL = `select locked from pg_try_advisory_lock(${RESTORE_LOCK}) as locked`;
const OWNER_SQL = `select pid from pg_locks join pg_database on pg_database.oid = pg_locks.database
  where locktype = 'advisory' and classid = 0 and objid = ${RESTORE_LOCK} and granted and datname = current_database()`;

/**
 * Takes the lock on a connection of its own, until `release` is called or this process ends. The
 * error names the other restore, or says why the server cannot be asked.
 */
export async function lockRestoredDatabase(options: PostgresqlOptions): Promise<Result<DatabaseLock, string>> {
  const engine = openPostgresql(options, DEFAULT_LIMITS);
  try {
    const pooled = await takeConnection(engine.schema.db);
    const fault = await waitForLock(pooled);
    if (fault === null) return ok({ release: () => close(pooled) });
    await close(pooled);
    return err(fault);
  } catch (error) {
    await engine.close();
    return err(translateError(error).message);
  }

  async function close(pooled: PooledConnection): Promise<void> {
    await pooled.destroy();
    await engine.close();
  }
}

/** Waits for the lock. Returns which other restore has it; null: it was taken. */
async function waitForLock(pooled: PooledConnection): Promise<string | null> {
  const end = performance.now() + WAIT_MS_MAX;
  for (;;) {
    const [taken] = await pooled.rows(TAKE_SQL, ANSWER_MS_MAX);
    if (taken !== undefined && flag(taken, 'locked')) return null;
    if (performance.now() >= end) break;
    await sleep(POLL_MS);
  }
  const [owner] = await pooled.rows(OWNER_SQL, ANSWER_MS_MAX);
  const server = owner === undefined ? '' : ` (process ${integer(owner, 'pid')} of its server)`;
  return `another restore into it is running${server}`;
}
