/**
 * Opens the connections to a SQLite file: one that writes, a few that read, and a few for
 * snapshots. In WAL mode (sqlite.org/wal.html) readers see the last commit and never wait. With
 * `synchronous = FULL` every commit syncs the log, so that it survives a power cut.
 */
import { closeSync, openSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import knex, { type Knex } from 'knex';
import sqlite3, { type Database } from 'sqlite3';
import { assert } from '../../kernel/assert.js';
import { memoize } from '../../kernel/memoize.js';
import { err, ok } from '../../kernel/result.js';
import type { Continuity } from '../../ports/store/continuity.js';
import { integer, rowsOf } from '../tables/columns.js';
import { confirmDatabase } from './continuity.js';
import { confirmFileSpace } from './disk-space.js';
import { durabilityFault } from './durability.js';
import type { Engine, StoreLimits } from './engine.js';
import { RETRY_SOON_MS, StoreUnavailable, translateError } from './failures.js';
import { createSession, createSessionState, type RunStatement, type Session } from './session.js';
import { createFileWatch, createReplacementCheck, type FileWatch } from './sqlite-files.js';
import { statementsOf } from './sqlite-statements.js';
import { createWriter, type LockWaitObserver, type OpenTransaction, whenCommitted } from './writer.js';

/** Cache of each connection in KiB (`PRAGMA cache_size` takes it as a negative number). */
const CACHE_KIB = { write: 16_384, read: 4_096 } as const;
/** SQLite truncates the write-ahead log to this size after a long snapshot has let it grow. */
const LOG_BYTES_KEPT = 64 * 1024 * 1024;

/**
 * How the files are opened. Only `create` makes a file that does not exist. `inspect` changes
 * nothing: it writes neither to the database nor to the files next to it.
 */
type SqliteAccess = 'create' | 'open' | 'inspect';

export type SqliteOpenOptions = {
  readonly access: SqliteAccess;
  /**
   * What the reading connections do when another file replaces the open one, for example after a
   * restore. With `followed`, they go on with the new file. The connections that write or read
   * snapshots never do.
   */
  readonly replaced?: 'followed' | 'ignored';
  /** What this process knows of its database. Only a process that has it runs checkpoints. */
  readonly continuity?: Continuity | undefined;
  /** Whether other processes write to the file too. Default: only if `continuity` is absent. */
  readonly othersWrite?: boolean | undefined;
  readonly lockWaited?: LockWaitObserver | undefined;
};

type SqliteOptions = {
  readonly file: string;
  readonly connectionsMax: number;
  readonly waitMsMax: number;
  readonly mode: 'write' | 'read';
  readonly fileBytesMax: number;
  readonly access: SqliteAccess;
  readonly replaced?: 'followed' | 'ignored';
};

const PAGE_BYTES = 4_096;
/** After this number of commits, the writer checks how long the log is. */
const COMMITS_BETWEEN_CHECKS = 20;
/**
 * The log is copied when at least this number of its pages are not in the database file yet. SQLite
 * has the same default.
 */
const LOG_PAGES_MAX = 1_000;

export function openSqlite(file: string, limits: StoreLimits, use: SqliteOpenOptions): Engine {
  const { waitMsMax, fileBytesMax } = limits;
  const { access, continuity } = use;
  const isFollowing = use.replaced === 'followed';
  const isReader = isFollowing || access === 'inspect';
  const common = { file, waitMsMax, fileBytesMax, access };
  const write = connectSqlite({ ...common, connectionsMax: 1, mode: 'write' });
  const readers = connectSqlite({
    ...common,
    connectionsMax: limits.readConnectionsMax,
    mode: 'read',
    replaced: use.replaced ?? 'ignored',
  });
  const snapshots = connectSqlite({ ...common, connectionsMax: limits.snapshotsMax, mode: 'read' });
  const watch = createFileWatch(file, {
    logBytesKept: LOG_BYTES_KEPT,
    isOnlyWriter: continuity !== undefined && use.othersWrite !== true,
    report: (fault) => continuity?.report(fault),
  });
  const writing = createWriteConnection(write);
  const checkpoints = createCheckpoints(writing.run, watch);
  const beginWatched = async (): Promise<OpenTransaction> => {
    watch.check();
    const begun = await writing.begin();
    const commit = async (): Promise<void> => {
      await begun.commit();
      await whenCommitted(async () => {
        watch.check();
        if (continuity !== undefined) await checkpoints.afterCommit();
      });
    };
    return { ...begun, commit };
  };
  const writer = createWriter(beginWatched, limits, use.lockWaited);
  const reading = sessionsOf(readers);
  return {
    check: async ({ durability = 'local' }) => {
      const detail = await durabilityFault(createSession(readers), durability);
      if (detail !== null) return err({ kind: 'database-unfit', faults: [detail], detail });
      if (access === 'create') makeFile(file);
      else if (statSync(file, { throwIfNoEntry: false }) === undefined)
        return err({ kind: 'no-database', detail: 'there is no such file' });
      return ok(undefined);
    },
    startFileWatch: async () => {
      if (isReader) return;
      // A read opens the log and its index. Both files then exist as long as this connection.
      await writing.run('PRAGMA user_version', [], 'rows');
      if (continuity !== undefined) await checkpoints.run();
      watch.begin();
    },
    schema: {
      db: isReader ? readers : write,
      tablesSql: `select name from sqlite_master where type = 'table'`,
      exclusively: (work) =>
        work({
          read: (work) => work(write),
          transaction: (_msMax, change) =>
            write.transaction(async (trx) => {
              // This statement takes the write lock, as any statement that writes does.
              await trx.raw('PRAGMA user_version = 1');
              await change(trx);
            }),
          buildIndex: async ({ name, on }) => void (await write.raw(`create index if not exists ${name} on ${on}`)),
        }),
    },
    transact: writer.transact,
    executeNonDurable: writer.transact,
    read: (work) =>
      withConnection(readers, async (run) => {
        const session = reading(run);
        const known = continuity?.known() ?? null;
        const value = await work(session);
        watch.check();
        if (isFollowing && continuity !== undefined) {
          const readRow = async (sql: string) => (await session.sql(sql))[0];
          await confirmDatabase(continuity, { kind: 'sqlite', known, readRow });
        }
        return value;
      }),
    snapshot: (work) =>
      snapshots.transaction(async (trx) => {
        const value = await work(createSession(trx));
        watch.check();
        return value;
      }),
    confirmSpace: () => confirmFileSpace(file),
    close: async () => {
      await Promise.all([readers.destroy(), snapshots.destroy()]);
      await writer.close();
      await writing.release();
      // The last connection that is closed copies the log into the database file, so it has to be
      // one that may write.
      await write.destroy();
    },
  };
}

/**
 * Runs checkpoints, which copy the log into the database file. SQLite does not run them by itself
 * (`wal_autocheckpoint`), because the file watch has to know which writes are our own.
 */
function createCheckpoints(run: RunStatement, watch: FileWatch) {
  let commits = 0;
  const checkpoint = (): Promise<void> =>
    watch.whileWriting(async () => void (await run('PRAGMA wal_checkpoint(PASSIVE)', [], 'rows')));
  return {
    run: checkpoint,
    /** Copies a long log. If the database is unavailable, a later checkpoint does so. */
    afterCommit: async (): Promise<void> => {
      commits += 1;
      if (commits % COMMITS_BETWEEN_CHECKS !== 0) return;
      try {
        const [state] = rowsOf(await run('PRAGMA wal_checkpoint(NOOP)', [], 'rows'));
        if (state !== undefined && integer(state, 'log') - integer(state, 'checkpointed') >= LOG_PAGES_MAX)
          await checkpoint();
      } catch (error) {
        if (!(translateError(error) instanceof StoreUnavailable)) throw error;
      }
    },
  };
}

/**
 * Creates the database file. It contains names of holders, so only its owner may read it. SQLite
 * gives the same mode to the files that it creates next to it.
 */
function makeFile(file: string): void {
  try {
    closeSync(openSync(file, 'a', 0o600));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    // The file may exist and be readable. SQLite then opens it, and reports what is wrong.
    if (code !== 'EACCES' && code !== 'EROFS') {
      throw new StoreUnavailable(`the database file cannot be made (${code})`, RETRY_SOON_MS);
    }
  }
}

/** Manages the one connection that writes. It is opened at its first use and then stays open. */
export function createWriteConnection(db: Knex) {
  const pool: Knex.Client = db.client;
  let acquired: Promise<unknown> | null = null;

  const connection = (): Promise<unknown> => {
    const connecting = acquired ?? pool.acquireConnection();
    acquired = connecting;
    connecting.catch(() => {
      acquired = null;
    });
    return connecting;
  };
  const run: RunStatement = async (sql, bindings, wants) => statementsOf(await connection()).run(sql, bindings, wants);
  return {
    run,
    begin: async () => begin(db, statementsOf(await connection()).run),
    release: async (): Promise<void> => {
      if (acquired === null) return;
      const last = await acquired;
      acquired = null;
      await statementsOf(last).close();
      await pool.releaseConnection(last);
    },
  };
}

/** Takes a connection from the pool for as long as `work` runs. */
async function withConnection<Value>(db: Knex, work: (run: RunStatement) => Promise<Value>): Promise<Value> {
  const pool: Knex.Client = db.client;
  const connection: unknown = await pool.acquireConnection();
  try {
    return await work(statementsOf(connection).run);
  } finally {
    await pool.releaseConnection(connection);
  }
}

/**
 * Returns the function that finds the session of a reading connection, by the `run` of the
 * connection. A new session for every read would cost as much as a look-up.
 */
function sessionsOf(readers: Knex): (run: RunStatement) => Session {
  const entryOf = memoize((run: RunStatement) => {
    const state = createSessionState();
    return { state, session: createSession(readers, { run, state }) };
  });
  return (run) => {
    const { state, session } = entryOf(run);
    // Failures of the previous read do not apply to this one.
    state.failed = null;
    return session;
  };
}

/**
 * Begins a transaction. BEGIN IMMEDIATE takes the write lock at once. After a plain BEGIN, the
 * first write of a transaction that has read could fail because another process has written.
 */
async function begin(db: Knex, run: RunStatement): Promise<OpenTransaction> {
  const execute = async (sql: string): Promise<void> => void (await run(sql, [], 'changes'));
  try {
    await execute('BEGIN IMMEDIATE');
  } catch (error) {
    // The previous transaction is still open, because its rollback failed too when the disk failed.
    if (!String(error).includes('within a transaction')) throw error;
    await execute('ROLLBACK');
    await execute('BEGIN IMMEDIATE');
  }
  let running: Promise<unknown> = Promise.resolve();
  const runUntilAbort: RunStatement = (...statement) => {
    const answer = run(...statement);
    const ended = answer.then(
      () => undefined,
      () => undefined,
    );
    running = running.then(() => ended);
    return answer;
  };
  return {
    session: (state) => createSession(db, { state, run: runUntilAbort }),
    commit: () => execute('COMMIT'),
    abort: async () => {
      // A statement may still wait for a thread. If it were executed after the rollback, it would
      // be outside of any transaction.
      await running;
      // SQLite rolls back by itself after some errors, and ROLLBACK then fails. If the rollback
      // itself fails, the next transaction repeats it.
      await execute('ROLLBACK').catch((error: unknown) => assert(error instanceof Error, 'drivers throw errors'));
    },
  };
}

export function connectSqlite(options: SqliteOptions): Knex {
  const { file, connectionsMax, waitMsMax, mode, fileBytesMax, access, replaced } = options;
  const replacementCheck = replaced === 'followed' ? createReplacementCheck(file) : null;
  const pragmas = [
    `busy_timeout = ${waitMsMax}`,
    // SQLite applies the page size only to a database without content.
    `page_size = ${PAGE_BYTES}`,
    ...(mode === 'write' ? ['journal_mode = WAL', `journal_size_limit = ${LOG_BYTES_KEPT}`] : ['query_only = ON']),
    'wal_autocheckpoint = 0',
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
      ...(replacementCheck === null ? {} : { validate: replacementCheck.validate }),
      afterCreate: (connection: Database, done: (error: Error | null, connection: Database) => void) => {
        replacementCheck?.note(connection);
        connection.exec(pragmas.map((pragma) => `PRAGMA ${pragma};`).join(''), (error) => done(error, connection));
      },
    },
    // knex must not log: its messages contain statements, which may contain names of people.
    log: { warn: () => {}, error: () => {}, debug: () => {}, deprecate: () => {} },
  });
  closeStatementsFirst(db);
  setConnectionOpener(db, file, access);
  return db;
}

/**
 * Makes knex open files with the flags for `access`. By itself, knex always sets the flag that
 * creates a missing file (sqlite.org/c3ref/open).
 */
function setConnectionOpener(db: Knex, file: string, access: SqliteAccess): void {
  const client: Knex.Client = db.client;
  client.acquireRawConnection = () =>
    new Promise((resolve, reject) => {
      const [name, flags] = access === 'inspect' ? inspectionArguments(file) : [file, OPEN_FLAGS[access]];
      const connection = new sqlite3.Database(name, flags, (error) => {
        if (error === null) resolve(connection);
        else reject(error);
      });
    });
}

const OPEN_FLAGS = {
  create: sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE,
  open: sqlite3.OPEN_READWRITE,
} as const;

/**
 * Returns the name and the flags for opening a file without changing anything. If there is no log,
 * the file is opened as one that cannot change; otherwise SQLite would create a log and an index
 * next to it, and leave them there.
 */
function inspectionArguments(file: string): readonly [string, number] {
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
  if (log !== undefined) return [file, sqlite3.OPEN_READONLY];
  return [`${pathToFileURL(file).href}?immutable=1`, sqlite3.OPEN_READONLY | sqlite3.OPEN_URI];
}

/**
 * Finalizes the prepared statements of a connection before knex closes it. SQLite does not close a
 * connection that has any: the pool would forget the connection, and the process would leak it.
 */
function closeStatementsFirst(db: Knex): void {
  const client: Knex.Client = db.client;
  const destroy = client.destroyRawConnection.bind(client);
  client.destroyRawConnection = async (connection: unknown) => {
    await statementsOf(connection).close();
    await destroy(connection);
  };
}
