/** Changes the schema of PostgreSQL while services write and read. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import { flag } from '../tables/columns.js';
import { MIGRATION_LOCK, WRITE_LOCK } from './advisory-locks.js';
import type { SchemaChanges } from './engine.js';
import { RETRY_SOON_MS, StoreUnavailable } from './failures.js';
import { type PooledConnection, takeConnection } from './pooled-connection.js';
import { createSession, createSessionState, type Session } from './session.js';
import { withTransactionTimeout } from './writer.js';

const MIGRATION_WAIT_MS_MAX = 10 * MINUTE_MS;
const MIGRATION_POLL_MS = 100;

/**
 * Runs `work` with the migration lock: no other process changes the schema meanwhile. All
 * statements are executed on one connection, and closing it releases the lock.
 */
export async function withMigrationLock<Value>(
  db: Knex,
  work: (changes: SchemaChanges) => Promise<Value>,
): Promise<Value> {
  const pooled = await takeConnection(db);
  try {
    await takeMigrationLock(pooled);
    const session = createSession(db, pooled.session);
    return await work({
      read: (read) => db.transaction(read, { connection: pooled.connection }),
      transaction: (msMax, change) =>
        db.transaction(
          async (trx) => {
            await trx.raw(`select pg_advisory_xact_lock(${WRITE_LOCK})`);
            await trx.raw(`set local statement_timeout = ${msMax ?? 0}`);
            await (msMax === null ? change(trx) : withTransactionTimeout(change(trx), createSessionState(), msMax));
          },
          { connection: pooled.connection },
        ),
      buildIndex: (index) => buildIndex(session, index),
    });
  } finally {
    await pooled.destroy();
  }
}

/**
 * Takes the migration lock by polling. A statement that waits for the lock would have a snapshot,
 * and CREATE INDEX CONCURRENTLY in the process that has the lock waits for the end of older
 * snapshots: a deadlock. Throws `StoreUnavailable` after ten minutes.
 */
async function takeMigrationLock(pooled: PooledConnection): Promise<void> {
  const end = performance.now() + MIGRATION_WAIT_MS_MAX;
  for (;;) {
    const [row] = await pooled.rows(
      `select locked from pg_try_advisory_lock(${MIGRATION_LOCK}) as locked`,
      2 * SECOND_MS,
    );
    if (row !== undefined && flag(row, 'locked')) return;
    if (performance.now() >= end) throw new StoreUnavailable('another process changes the schema', RETRY_SOON_MS);
    await sleep(MIGRATION_POLL_MS);
  }
}

const INDEX_SQL = `select indisvalid as valid from pg_index join pg_class on pg_class.oid = indexrelid
  where relname = ? and relnamespace = current_schema()::regnamespace`;

/**
 * Builds an index without blocking writers, unless it is there already. An index that is not valid
 * is left over from an interrupted build, and is built again.
 */
async function buildIndex(
  session: Session,
  { name, on }: { readonly name: string; readonly on: string },
): Promise<void> {
  const [found] = await session.sql(INDEX_SQL, [name]);
  if (found !== undefined && flag(found, 'valid')) return;
  // An index of ten million rows takes longer than the timeout for the statements of a service.
  await session.sql('set statement_timeout = 0');
  await session.sql('set lock_timeout = 0');
  if (found !== undefined) await session.sql(`drop index concurrently ${name}`);
  await session.sql(`create index concurrently ${name} on ${on}`);
  await session.sql('reset lock_timeout');
  await session.sql('reset statement_timeout');
}
