/**
 * Opens the connections to a PostgreSQL server: one that writes, one for heartbeats, some that
 * read, and some for snapshots. A writer takes an advisory lock first, as SQLite's BEGIN IMMEDIATE
 * does. So READ COMMITTED sees everything that was committed before, and the transactions of all
 * processes are serial (ops/decisions/0009).
 */
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import knex, { type Knex } from 'knex';
import type { ClientConfig } from 'pg';
import { assert } from '../../kernel/assert.js';
import { MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Continuity } from '../../ports/store/continuity.js';
import { integer, type Row, text } from '../tables/columns.js';
import { WRITE_LOCK } from './advisory-locks.js';
import { confirmDatabase } from './continuity.js';
import { createServerSpace } from './disk-space.js';
import { durabilityFault } from './durability.js';
import type { DatabaseUnfit, Engine, EngineRequirements, StoreLimits } from './engine.js';
import { isFromServer, RETRY_SOON_MS, StoreUnavailable, translateError } from './failures.js';
import { type PooledConnection, takeConnection, withTimeout } from './pooled-connection.js';
import { withMigrationLock } from './postgresql-schema.js';
import { CONNECT_MS_MAX, createConnectionClass } from './server-connections.js';
import { createSession, createSessionState, type Session, type SessionState } from './session.js';
import { createWriter, type LockWaitObserver, type OpenTransaction, retry, withTransactionTimeout } from './writer.js';

export type PostgresqlOptions = {
  /** A host name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /**
   * Returns the password. It is called for each new connection, so that the password can be changed
   * while the service runs. null: the server authenticates us in another way (peer, ident).
   */
  readonly password: (() => string) | null;
  /** null: no TLS, which the configuration allows only for Unix sockets and for this machine. */
  readonly tls: { readonly ca: string; readonly serverName?: string | undefined } | null;
  /**
   * Limit for all connections of this process together, except those that only compare servers
   * (`server-connections.ts`).
   */
  readonly connectionsMax: number;
};

const BEGIN_SQL = `begin isolation level read committed; select pg_advisory_xact_lock(${WRITE_LOCK})`;
/**
 * COMMIT has no statement timeout. At the timeout, the server would stop waiting for a standby and
 * answer COMMIT although the standby does not have the transaction.
 */
const COMMIT_SQL = 'set local statement_timeout = 0; commit';
const SNAPSHOT_SQL = 'begin isolation level repeatable read read only';

const SNAPSHOT_MS_MAX = 10 * MINUTE_MS;
/** After a transient failure, a read is retried for this number of milliseconds. */
const READ_RETRY_MS_MAX = 500;
/**
 * Interval at which the server checks, during a statement, whether the writer is still connected.
 * Without it, a writer whose machine is gone would keep the write lock.
 */
const WRITER_CHECK_MS = SECOND_MS;
const ROLLBACK_MS_MAX = 500;
/** Limit for a heartbeat. One that fails does no harm, because the next one follows soon. */
const NON_DURABLE_MS_MAX = 2 * SECOND_MS;

type PostgresqlOpenOptions = {
  /** What this process knows of its database. If it is absent, nothing is compared. */
  readonly continuity?: Continuity | undefined;
  readonly lockWaited?: LockWaitObserver | undefined;
};

export function openPostgresql(
  options: PostgresqlOptions,
  limits: StoreLimits,
  { continuity, lockWaited }: PostgresqlOpenOptions = {},
): Engine {
  const { waitMsMax, transactionMsMax, writerIdleMsMax, readMsMax, snapshotsMax } = limits;
  // One of the other connections writes, one is for heartbeats, and the rest are for snapshots.
  const readersMax = Math.max(1, options.connectionsMax - 2 - snapshotsMax);
  const readOnly = { default_transaction_read_only: 'on' };
  const reading = { waitMsMax, statementMsMax: readMsMax, settings: readOnly };
  const Connection = createConnectionClass(configOf(options, { ...reading, connectionsMax: 1, idleMsMax: readMsMax }));
  const pool = (poolOptions: PoolOptions): Knex =>
    connect(configOf(options, poolOptions), poolOptions, { Client: Connection });
  const write = pool({
    connectionsMax: 1,
    waitMsMax,
    statementMsMax: transactionMsMax,
    idleMsMax: writerIdleMsMax,
    settings: {
      lock_timeout: waitMsMax,
      client_connection_check_interval: WRITER_CHECK_MS,
      // The setting of a connection has precedence over those of the server, the database and the
      // role.
      synchronous_commit: 'on',
    },
  });
  const nonDurable = pool({
    connectionsMax: 1,
    waitMsMax: NON_DURABLE_MS_MAX,
    statementMsMax: NON_DURABLE_MS_MAX,
    idleMsMax: NON_DURABLE_MS_MAX,
    settings: { lock_timeout: NON_DURABLE_MS_MAX, synchronous_commit: 'off' },
  });
  const readers = pool({ ...reading, connectionsMax: readersMax, idleMsMax: readMsMax });
  const snapshots = pool({ ...reading, connectionsMax: snapshotsMax, idleMsMax: SNAPSHOT_MS_MAX });
  const writer = createWriter(() => begin(write, limits, continuity), limits, lockWaited);
  const space = createServerSpace(readers, readMsMax);
  return {
    // The check uses a reading connection, because a server that is too old rejects some settings
    // of the writing one.
    check: (wanted) => check(readers, wanted),
    startFileWatch: async () => undefined,
    schema: {
      db: write,
      tablesSql: 'select tablename as name from pg_tables where schemaname = current_schema()',
      exclusively: (work) => withMigrationLock(write, work),
    },
    transact: (work) => space.watch(() => writer.transact(work)),
    executeNonDurable: (work) =>
      space.watch(() => retry(READ_RETRY_MS_MAX, () => runOnConnection(nonDurable, NON_DURABLE_MS_MAX, work))),
    read: (work) =>
      retry(READ_RETRY_MS_MAX, () => runOnConnection(readers, readMsMax, withContinuityCheck(continuity, work))),
    snapshot: (work) => runInSnapshot(snapshots, readMsMax, withContinuityCheck(continuity, work)),
    confirmSpace: () => retry(READ_RETRY_MS_MAX, space.confirm),
    close: async () => {
      await writer.close();
      await Promise.all([write.destroy(), nonDurable.destroy(), readers.destroy(), snapshots.destroy()]);
    },
  };
}

type PoolOptions = {
  readonly connectionsMax: number;
  readonly waitMsMax: number;
  readonly statementMsMax: number;
  /**
   * Limit of idle time in an open transaction. After it the server closes the connection of a
   * process that hangs, and another process can get the write lock.
   */
  readonly idleMsMax: number;
  readonly settings: Readonly<Record<string, string | number>>;
};

function configOf(options: PostgresqlOptions, poolOptions: PoolOptions) {
  const { host, port, database, user, password, tls } = options;
  const settings = {
    statement_timeout: poolOptions.statementMsMax,
    idle_in_transaction_session_timeout: poolOptions.idleMsMax,
    ...poolOptions.settings,
    // Session defaults that affect what is stored and compared are set explicitly.
    client_min_messages: 'warning',
    timezone: 'UTC',
    bytea_output: 'hex',
    standard_conforming_strings: 'on',
  };
  // Every option is set, because pg would take a missing one from the environment or from a file of
  // the user.
  return {
    host,
    port,
    database,
    user,
    application_name: 'pfcng',
    password: password ?? (() => ''),
    ssl: tls === null ? false : tlsOptions(tls.ca, tls.serverName ?? host),
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    connectionTimeoutMillis: Math.min(poolOptions.waitMsMax, CONNECT_MS_MAX),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10 * SECOND_MS,
  } satisfies ClientConfig;
}

function connect(
  connection: ReturnType<typeof configOf>,
  poolOptions: PoolOptions,
  driver: { readonly Client: unknown },
): Knex {
  const db = knex({
    client: 'pg',
    connection,
    acquireConnectionTimeout: poolOptions.waitMsMax,
    pool: { min: poolOptions.connectionsMax === 1 ? 1 : 0, max: poolOptions.connectionsMax },
    // knex must not log: its messages contain statements, which may contain names of people.
    log: { warn: () => {}, error: () => {}, debug: () => {}, deprecate: () => {} },
  });
  (db.client satisfies Knex.Client).driver = driver;
  return db;
}

/**
 * Returns the options of TLS. The certificate is checked against `name`, whatever address the
 * connection goes to.
 */
function tlsOptions(ca: string, name: string) {
  const identity = (_: string, certificate: PeerCertificate) => checkServerIdentity(name, certificate);
  return { ca, checkServerIdentity: identity, minVersion: 'TLSv1.2' } as const;
}

/**
 * Adds the check of continuity to a read, so that its result is used only if it came from the
 * database that this process knows. Must be called before the snapshot of the read is taken.
 */
function withContinuityCheck<Value>(
  continuity: Continuity | undefined,
  work: (session: Session) => Promise<Value>,
): (session: Session) => Promise<Value> {
  if (continuity === undefined) return work;
  const known = continuity.known();
  return async (session) => {
    const value = await work(session);
    const readRow = async (sql: string) => (await session.sql(sql))[0];
    await confirmDatabase(continuity, { kind: 'postgresql', known, readRow });
    return value;
  };
}

async function begin(
  db: Knex,
  { waitMsMax, transactionMsMax }: StoreLimits,
  continuity: Continuity | undefined,
): Promise<OpenTransaction> {
  const pooled = await takeConnection(db);
  try {
    // BEGIN is sent together with the check of continuity. This saves a round trip, for which all
    // other writers would wait.
    const unsentBegin = [BEGIN_SQL];
    if (continuity !== undefined)
      await confirmDatabase(continuity, {
        kind: 'postgresql',
        known: continuity.known(),
        readRow: async (sql) => (await pooled.rows([...unsentBegin.splice(0), sql].join('; '), 2 * waitMsMax)).at(0),
      });
    if (unsentBegin.length > 0) await pooled.execute(BEGIN_SQL, 2 * waitMsMax);
  } catch (error) {
    await pooled.destroy();
    throw error;
  }
  return {
    session: (state) => createSession(db, { state, ...pooled.session }),
    commit: async () => {
      await commit(pooled, transactionMsMax);
      pooled.release();
    },
    abort: () => rollBackQuietly(pooled),
  };
}

/**
 * Rolls back. Releases the connection when the server has confirmed the rollback; otherwise the
 * state of the connection is unknown, and it is destroyed.
 */
async function rollBackQuietly(pooled: PooledConnection): Promise<void> {
  try {
    await pooled.execute('rollback', ROLLBACK_MS_MAX);
    pooled.release();
  } catch {
    await pooled.destroy();
  }
}

/**
 * Commits the transaction, and resolves when the commit is as durable as the settings of the server
 * make it. It rejects with an error that is never retried automatically: when the answer of the
 * server is lost, nobody knows whether the transaction was committed, and a retry could do the work
 * twice. The recovery of intents, or a retry of the client with the same idempotency key, finds
 * what was begun.
 */
async function commit(pooled: PooledConnection, msMax: number): Promise<void> {
  let warned = false;
  const onNotice = (): void => {
    warned = true;
  };
  pooled.connection.on('notice', onNotice);
  try {
    const answers = await pooled.execute(COMMIT_SQL, msMax);
    // If a statement failed and the work ignored its error, the server answers COMMIT with
    // ROLLBACK.
    assert(answers.at(-1) === 'COMMIT', 'a transaction in which a statement failed was to be committed');
  } catch (error) {
    if (error instanceof Error && isFromServer(error) && !/^(08|57)/.test(String(Reflect.get(error, 'code')))) {
      const translated = translateError(error);
      throw translated instanceof StoreUnavailable && translated.canRetry
        ? new StoreUnavailable(translated.message, RETRY_SOON_MS)
        : translated;
    }
    const known = translateError(error);
    if (!(known instanceof StoreUnavailable)) throw known;
    throw new StoreUnavailable(`whether the transaction was committed is not known: ${known.message}`, RETRY_SOON_MS);
  } finally {
    pooled.connection.off('notice', onNotice);
  }
  // The warning is "canceling wait for synchronous replication": the transaction is committed on
  // this server, but perhaps on no other one.
  if (warned) {
    throw new StoreUnavailable('the transaction was committed with a warning: it may not survive', RETRY_SOON_MS);
  }
}

/**
 * Runs `work` on a connection of the pool, outside of a transaction. Rejects with
 * `StoreUnavailable` after `msMax` milliseconds.
 */
async function runOnConnection<Value>(
  db: Knex,
  msMax: number,
  work: (session: Session) => Promise<Value>,
): Promise<Value> {
  const pooled = await takeConnection(db);
  const state = createSessionState();
  try {
    const value = await withTransactionTimeout(work(createSession(db, { state, ...pooled.session })), state, msMax);
    pooled.release();
    return value;
  } catch (error) {
    throw await destroyAfterFailure(pooled, state, error);
  }
}

/**
 * Runs `work` in a snapshot. It has no limit as a whole, but each of its statements is limited to
 * twice the timeout of the server, because a server that hangs does not apply its own timeout.
 */
async function runInSnapshot<Value>(
  db: Knex,
  msMax: number,
  work: (session: Session) => Promise<Value>,
): Promise<Value> {
  const pooled = await takeConnection(db);
  const state = createSessionState();
  try {
    await pooled.execute(SNAPSHOT_SQL, msMax);
    const applyTimeout = <Answer>(answer: Promise<Answer>): Promise<Answer> => withTimeout(answer, 2 * msMax);
    const value = await work(createSession(db, { state, ...pooled.session, applyTimeout }));
    await rollBackQuietly(pooled);
    return value;
  } catch (error) {
    throw await destroyAfterFailure(pooled, state, error);
  }
}

/**
 * Destroys the connection, whose state is unknown after a failure, and returns the error to throw.
 */
async function destroyAfterFailure(pooled: PooledConnection, state: SessionState, error: unknown): Promise<unknown> {
  state.ended = true;
  await pooled.destroy();
  return state.failed ?? error;
}

/** The oldest version that is supported, PostgreSQL 14, as `server_version_num` writes it. */
const VERSION_MIN = 140_000;

/** Checks the settings of the server that our guarantees need. Each fault says what to change. */
async function check(
  db: Knex,
  { environmentMark, durability = 'local' }: EngineRequirements,
): Promise<Result<void, DatabaseUnfit>> {
  const pooled = await takeConnection(db);
  try {
    const session = createSession(db, pooled.session);
    const row = await session.first(
      db.raw(`select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
        current_setting('fsync') as fsync, current_setting('full_page_writes') as pages`),
    );
    assert(row !== null, 'a server has settings');
    const durable = await durabilityFault(session, durability);
    const faults = [...faultsOf(row, environmentMark), ...(durable === null ? [] : [durable])];
    const detail = faults.join('; ');
    return faults.length === 0 ? ok(undefined) : err({ kind: 'database-unfit', faults, detail });
  } finally {
    pooled.release();
  }
}

function faultsOf(row: Row, environmentMark: string): readonly string[] {
  const encoding = text(row, 'encoding');
  const faults: string[] = [];
  if (integer(row, 'version') < VERSION_MIN) faults.push('PostgreSQL is older than version 14');
  if (encoding !== 'UTF8') faults.push(`the database has the encoding ${encoding}: create it with UTF8`);
  // In development, the database may be fast instead of durable.
  if (environmentMark === 'development') return faults;
  for (const setting of ['fsync', 'pages']) {
    if (text(row, setting) !== 'on')
      faults.push(`${setting === 'pages' ? 'full_page_writes' : setting} is off: set it to on`);
  }
  return faults;
}
