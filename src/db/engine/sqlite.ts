/**
 * SQLite's connections: one that writes, a few that read, a few that hold a snapshot. In WAL mode (sqlite.org/wal.html)
 * readers see the last commit and wait for nobody; synchronous FULL syncs the log at every commit, so that what was
 * committed survives a power cut.
 */
import { closeSync, openSync, statSync } from 'node:fs';
import knex, { type Knex } from 'knex';
import type { Database } from 'sqlite3';
import { assert } from '../../kernel/assert.js';
import { memoize } from '../../kernel/memoize.js';
import { ok } from '../../kernel/result.js';
import type { Engine, StoreLimits } from './engine.js';
import { RETRY_SOON_MS, StoreUnavailable } from './failures.js';
import { createSession, openGuard, type Run, type Session } from './session.js';
import { statementsOf } from './sqlite-statements.js';
import { createWriter, type OpenTransaction } from './writer.js';

/** Each connection's share of memory, in KiB (`PRAGMA cache_size` takes it negative). */
const CACHE_KIB = { write: 16_384, read: 4_096 } as const;
/** A log that a long snapshot made grow is cut back to this at the next checkpoint. */
const LOG_BYTES_KEPT = 64 * 1024 * 1024;

export type SqliteOptions = {
  readonly file: string;
  readonly connectionsMax: number;
  readonly waitMsMax: number;
  readonly mode: 'write' | 'read';
  readonly fileBytesMax: number;
  readonly replaced?: 'followed' | 'ignored';
};

const PAGE_BYTES = 4_096;

/** `replaced`: what is done where another file takes the name, a backup that is restored; whoever writes holds on to its own. */
export function openSqlite(file: string, limits: StoreLimits, replaced: 'followed' | 'ignored' = 'ignored'): Engine {
  const { waitMsMax, fileBytesMax } = limits;
  const common = { file, waitMsMax, fileBytesMax };
  const write = connectSqlite({ ...common, connectionsMax: 1, mode: 'write' });
  const readers = connectSqlite({ ...common, connectionsMax: limits.readConnectionsMax, mode: 'read', replaced });
  const snapshots = connectSqlite({ ...common, connectionsMax: limits.snapshotsMax, mode: 'read' });
  const writing = createWriting(write);
  const writer = createWriter(writing.begin, limits);
  const reading = sessionsOf(readers);
  return {
    check: async () => {
      makeFile(file);
      return ok(undefined);
    },
    schema: {
      db: write,
      // It writes.
      lock: async (trx) => void (await trx.raw('PRAGMA user_version = 1')),
      tablesSql: `select name from sqlite_master where type = 'table'`,
    },
    transact: writer.transact,
    read: (work) => withConnection(readers, (run) => work(reading(run))),
    snapshot: (work) => snapshots.transaction((trx) => work(createSession(trx))),
    close: async () => {
      await Promise.all([readers.destroy(), snapshots.destroy()]);
      await writer.close();
      await writing.letGo();
      // The last connection to close folds the log into the database file: it has to be one that may write.
      await write.destroy();
    },
  };
}

/** Holders' names are inside: the file is its owner's alone, and SQLite gives its companions the same mode. */
function makeFile(file: string): void {
  try {
    closeSync(openSync(file, 'a', 0o600));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    // A file that cannot be written may still be read by SQLite, which then says what is wrong.
    if (code !== 'EACCES' && code !== 'EROFS') {
      throw new StoreUnavailable(`the database file cannot be made (${code})`, RETRY_SOON_MS);
    }
  }
}

/** The one connection that writes, held from the first transaction on. */
export function createWriting(db: Knex) {
  const pool: Knex.Client = db.client;
  let held: Promise<unknown> | null = null;

  const connection = (): Promise<unknown> => {
    const holding = held ?? pool.acquireConnection();
    held = holding;
    holding.catch(() => {
      held = null;
    });
    return holding;
  };
  return {
    begin: async () => begin(db, statementsOf(await connection()).run),
    letGo: async (): Promise<void> => {
      if (held === null) return;
      const last = await held;
      held = null;
      await statementsOf(last).close();
      await pool.releaseConnection(last);
    },
  };
}

/** One of the connections that read, for as long as the work takes. */
async function withConnection<Value>(db: Knex, work: (run: Run) => Promise<Value>): Promise<Value> {
  const pool: Knex.Client = db.client;
  const connection: unknown = await pool.acquireConnection();
  try {
    return await work(statementsOf(connection).run);
  } finally {
    await pool.releaseConnection(connection);
  }
}

/** One for each connection that reads, one after the other: to make what reads with it anew costs as much as a look-up. */
function sessionsOf(readers: Knex): (run: Run) => Session {
  const known = memoize((run: Run) => {
    const guard = openGuard();
    return { guard, session: createSession(readers, { run, guard }) };
  });
  return (run) => {
    const { guard, session } = known(run);
    // What failed for whoever had the connection before is over.
    guard.failed = null;
    return session;
  };
}

/** IMMEDIATE takes the write lock at once: a transaction that has read can never find that it may not write. */
async function begin(db: Knex, run: Run): Promise<OpenTransaction> {
  const say = async (sql: string): Promise<void> => void (await run(sql, [], 'changes'));
  try {
    await say('BEGIN IMMEDIATE');
  } catch (error) {
    // A rollback that failed, when the disk did, left its transaction open.
    if (!String(error).includes('within a transaction')) throw error;
    await say('ROLLBACK');
    await say('BEGIN IMMEDIATE');
  }
  return {
    session: (guard) => createSession(db, { guard, run }),
    commit: () => say('COMMIT'),
    // SQLite has rolled back by itself after some errors; the next BEGIN heals what fails here.
    abort: () => say('ROLLBACK').catch((error: unknown) => assert(error instanceof Error, 'drivers throw errors')),
  };
}

/**
 * A connection to a file that has lost its name goes on to read it, whatever is written to the one that has the name now: it is given up
 * for a new one. While there is no file of the name, nothing is written either.
 */
function followed(file: string) {
  const opened = new WeakMap<Database, string>();
  const named = (): string | null => {
    const found = statSync(file, { throwIfNoEntry: false });
    return found === undefined ? null : `${found.dev}-${found.ino}`;
  };
  return {
    note: (connection: Database): void => void opened.set(connection, named() ?? ''),
    validate: (connection: Database): boolean => {
      const now = named();
      return now === null || opened.get(connection) === now;
    },
  };
}

export function connectSqlite(options: SqliteOptions): Knex {
  const { file, connectionsMax, waitMsMax, mode, fileBytesMax, replaced } = options;
  const follow = replaced === 'followed' ? followed(file) : null;
  const pragmas = [
    `busy_timeout = ${waitMsMax}`,
    // Before the first write, or it is too late.
    `page_size = ${PAGE_BYTES}`,
    ...(mode === 'write' ? ['journal_mode = WAL', `journal_size_limit = ${LOG_BYTES_KEPT}`] : ['query_only = ON']),
    'synchronous = FULL',
    'foreign_keys = ON',
    `max_page_count = ${Math.floor(fileBytesMax / PAGE_BYTES)}`,
    `cache_size = -${CACHE_KIB[mode]}`,
  ];
  const db = knex({
    client: 'sqlite3',
    connection: { filename: file },
    useNullAsDefault: false,
    acquireConnectionTimeout: waitMsMax,
    pool: {
      min: mode === 'write' ? 1 : 0,
      max: connectionsMax,
      ...(follow === null ? {} : { validate: follow.validate }),
      afterCreate: (connection: Database, done: (error: Error | null, connection: Database) => void) => {
        follow?.note(connection);
        connection.exec(pragmas.map((pragma) => `PRAGMA ${pragma};`).join(''), (error) => done(error, connection));
      },
    },
    // What knex has to say comes back as errors; the log has no place for its statements.
    log: { warn: () => {}, error: () => {}, debug: () => {}, deprecate: () => {} },
  });
  endStatementsFirst(db);
  return db;
}

/** A connection with a statement that is still prepared does not close: its pool would forget it, and the process keep it. */
function endStatementsFirst(db: Knex): void {
  const client: Knex.Client = db.client;
  const destroy = client.destroyRawConnection.bind(client);
  client.destroyRawConnection = async (connection: unknown) => {
    await statementsOf(connection).close();
    await destroy(connection);
  };
}
