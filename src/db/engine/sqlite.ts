/**
 * SQLite's connections: one that writes, a few that read, and a few for snapshots. In WAL mode
 * (sqlite.org/wal.html) readers see the last commit and never wait. With `synchronous = FULL` every
 * commit syncs the log, so that it survives a power cut.
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

/** Cache of each connection in KiB (`PRAGMA cache_size` takes it as a negative number). */
const CACHE_KIB = { write: 16_384, read: 4_096 } as const;
/**
 * The write-ahead log may grow during a long snapshot. The next checkpoint truncates it to this
 * size.
 */
const LOG_BYTES_KEPT = 64 * 1024 * 1024;

type SqliteOptions = {
  readonly file: string;
  readonly connectionsMax: number;
  readonly waitMsMax: number;
  readonly mode: 'write' | 'read';
  readonly fileBytesMax: number;
  readonly replaced?: 'followed' | 'ignored';
};

const PAGE_BYTES = 4_096;

/**
 * `replaced`: whether readers open the file again when another file replaces it, as when a backup
 * is restored. The writer never does.
 */
export function openSqlite(file: string, limits: StoreLimits, replaced: 'followed' | 'ignored' = 'ignored'): Engine {
  const { waitMsMax, fileBytesMax } = limits;
  const common = { file, waitMsMax, fileBytesMax };
  const write = connectSqlite({ ...common, connectionsMax: 1, mode: 'write' });
  const readers = connectSqlite({ ...common, connectionsMax: limits.readConnectionsMax, mode: 'read', replaced });
  const snapshots = connectSqlite({ ...common, connectionsMax: limits.snapshotsMax, mode: 'read' });
  const writing = createWriteConnection(write);
  const writer = createWriter(writing.begin, limits);
  const reading = sessionsOf(readers);
  return {
    check: async () => {
      makeFile(file);
      return ok(undefined);
    },
    schema: {
      db: write,
      // Any statement that writes takes the lock.
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
      // The last connection that closes checkpoints the log into the database file, so it has to be
      // one that may write.
      await write.destroy();
    },
  };
}

/**
 * The file contains names of holders, so only its owner may read it. SQLite gives the same mode to
 * the files that it creates next to it.
 */
function makeFile(file: string): void {
  try {
    closeSync(openSync(file, 'a', 0o600));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    // SQLite may still be able to read a file that cannot be written, and then reports what is
    // wrong.
    if (code !== 'EACCES' && code !== 'EROFS') {
      throw new StoreUnavailable(`the database file cannot be made (${code})`, RETRY_SOON_MS);
    }
  }
}

/** The one connection that writes. It stays open from the first transaction on. */
export function createWriteConnection(db: Knex) {
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

/** Takes one of the reading connections for as long as the work runs. */
async function withConnection<Value>(db: Knex, work: (run: Run) => Promise<Value>): Promise<Value> {
  const pool: Knex.Client = db.client;
  const connection: unknown = await pool.acquireConnection();
  try {
    return await work(statementsOf(connection).run);
  } finally {
    await pool.releaseConnection(connection);
  }
}

/**
 * One session for each reading connection. Making a new session for every read would cost as much
 * as a look-up.
 */
function sessionsOf(readers: Knex): (run: Run) => Session {
  const known = memoize((run: Run) => {
    const guard = openGuard();
    return { guard, session: createSession(readers, { run, guard }) };
  });
  return (run) => {
    const { guard, session } = known(run);
    // Failures of the previous read do not apply to this one.
    guard.failed = null;
    return session;
  };
}

/**
 * IMMEDIATE takes the write lock at once, so a transaction that has read can never find that it may
 * not write.
 */
async function begin(db: Knex, run: Run): Promise<OpenTransaction> {
  const say = async (sql: string): Promise<void> => void (await run(sql, [], 'changes'));
  try {
    await say('BEGIN IMMEDIATE');
  } catch (error) {
    // A rollback that failed, because the disk failed, has left its transaction open.
    if (!String(error).includes('within a transaction')) throw error;
    await say('ROLLBACK');
    await say('BEGIN IMMEDIATE');
  }
  return {
    session: (guard) => createSession(db, { guard, run }),
    commit: () => say('COMMIT'),
    // SQLite rolls back by itself after some errors. The next BEGIN repairs a rollback that fails
    // here.
    abort: () => say('ROLLBACK').catch((error: unknown) => assert(error instanceof Error, 'drivers throw errors')),
  };
}

/**
 * A connection continues to read its file after another file has replaced it, and does not see what
 * is written to the new file. So it is closed and replaced by a new one. While there is no file
 * with this name, nothing is written either, and the connection stays open.
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
    // These settings have an effect only before the first write.
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
    // The errors of knex are thrown, and its statements must not be logged.
    log: { warn: () => {}, error: () => {}, debug: () => {}, deprecate: () => {} },
  });
  endStatementsFirst(db);
  return db;
}

/**
 * SQLite does not close a connection that has prepared statements: the pool would forget the
 * connection, and the process would leak it.
 */
function endStatementsFirst(db: Knex): void {
  const client: Knex.Client = db.client;
  const destroy = client.destroyRawConnection.bind(client);
  client.destroyRawConnection = async (connection: unknown) => {
    await statementsOf(connection).close();
    await destroy(connection);
  };
}
