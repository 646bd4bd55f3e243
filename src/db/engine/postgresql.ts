/**
 * PostgreSQL's connections: one that writes, one for heartbeats, some that read, and some for
 * snapshots. A writer takes an advisory lock first, as SQLite's BEGIN IMMEDIATE does. So READ
 * COMMITTED sees everything that was committed before, and the transactions of all processes are
 * serial (ops/decisions/0009).
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
import type { DatabaseUnfit, Engine, EngineWanted, StoreLimits } from './engine.js';
import { isFromServer, RETRY_SOON_MS, StoreUnavailable, translateError } from './failures.js';
import { type PooledConnection, takeConnection, withTimeout } from './pooled-connection.js';
import { migrateAlone } from './postgresql-schema.js';
import { CONNECT_MS_MAX, createConnectionClass } from './server-connections.js';
import { createSession, type Guard, openGuard, type Session } from './session.js';
import { createWriter, type LockWaitObserver, type OpenTransaction, retry, withTransactionTimeout } from './writer.js';

export type PostgresqlOptions = {
  /** A host name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /**
   * Called for each new connection, so that the password can be changed while the service runs.
   * null: the server authenticates us in another way (peer, ident).
   */
  readonly password: (() => string) | null;
  /** null: no TLS, which the configuration allows only for Unix sockets and for this machine. */
  readonly tls: { readonly ca: string; readonly serverName?: string | undefined } | null;
  /** Limit for all connections of this process together. */
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
/** After a transient failure, a read is retried for this time. */
const READ_RETRY_MS_MAX = 500;
/**
 * A writer that hangs, or whose machine is gone, keeps the write lock for this time only. The first
 * limit is for the time between two statements of a transaction; during a statement the server
 * checks at this interval whether the client is still connected.
 */
const WRITER_IDLE_MS_MAX = 2 * SECOND_MS;
const WRITER_CHECK_MS = SECOND_MS;
const ROLLBACK_MS_MAX = 500;
const SNAPSHOT_CONNECTIONS_MAX = 2;
/** Limit for a heartbeat, which another one follows soon. */
const ASIDE_MS_MAX = 2 * SECOND_MS;
/** The connections of a process that are not for reads. */
const OTHER_CONNECTIONS_MAX = 2 + SNAPSHOT_CONNECTIONS_MAX;

type PostgresqlUse = {
  /** What this process knows of its database. Without it, nothing is compared. */
  readonly continuity?: Continuity | undefined;
  readonly lockWaited?: LockWaitObserver | undefined;
};

export function openPostgresql(
  options: PostgresqlOptions,
  limits: StoreLimits,
  { continuity, lockWaited }: PostgresqlUse = {},
): Engine {
  const { waitMsMax, transactionMsMax, readMsMax } = limits;
  const readersMax = Math.max(1, options.connectionsMax - OTHER_CONNECTIONS_MAX);
  const readOnly = { default_transaction_read_only: 'on' };
  const reading = { waitMsMax, statementMsMax: readMsMax, settings: readOnly };
  const Connection = createConnectionClass(configOf(options, { ...reading, connectionsMax: 1, idleMsMax: readMsMax }));
  const pool = (use: Use): Knex => connect(configOf(options, use), use, { Client: Connection });
  const write = pool({
    connectionsMax: 1,
    waitMsMax,
    statementMsMax: transactionMsMax,
    idleMsMax: WRITER_IDLE_MS_MAX,
    settings: {
      lock_timeout: waitMsMax,
      client_connection_check_interval: WRITER_CHECK_MS,
      // The setting of a connection wins over those of the server, the database and the role.
      synchronous_commit: 'on',
    },
  });
  const beside = pool({
    connectionsMax: 1,
    waitMsMax: ASIDE_MS_MAX,
    statementMsMax: ASIDE_MS_MAX,
    idleMsMax: ASIDE_MS_MAX,
    settings: { lock_timeout: ASIDE_MS_MAX, synchronous_commit: 'off' },
  });
  const readers = pool({ ...reading, connectionsMax: readersMax, idleMsMax: readMsMax });
  const snapshots = pool({ ...reading, connectionsMax: limits.snapshotsMax, idleMsMax: SNAPSHOT_MS_MAX });
  const writer = createWriter(() => begin(write, limits, continuity), limits, lockWaited);
  const space = createServerSpace(readers, readMsMax);
  return {
    // The check uses a reading connection, because a server that is too old rejects some settings
    // of the writing one.
    check: (wanted) => check(readers, wanted),
    opened: async () => undefined,
    schema: {
      db: write,
      tablesSql: 'select tablename as name from pg_tables where schemaname = current_schema()',
      exclusively: (work) => migrateAlone(write, work),
    },
    transact: (work) => space.watch(() => writer.transact(work)),
    aside: (work) => space.watch(() => retry(READ_RETRY_MS_MAX, () => takeOnce(beside, ASIDE_MS_MAX, work))),
    read: (work) => retry(READ_RETRY_MS_MAX, () => takeOnce(readers, readMsMax, confirming(continuity, work))),
    snapshot: (work) => snapshotOnce(snapshots, readMsMax, confirming(continuity, work)),
    confirmSpace: () => retry(READ_RETRY_MS_MAX, space.confirm),
    close: async () => {
      await writer.close();
      await Promise.all([write.destroy(), beside.destroy(), readers.destroy(), snapshots.destroy()]);
    },
  };
}

type Use = {
  readonly connectionsMax: number;
  readonly waitMsMax: number;
  readonly statementMsMax: number;
  /**
   * Limit of idle time in an open transaction. After it the server closes the connection of a
   * process that hangs, and another process gets the lock.
   */
  readonly idleMsMax: number;
  readonly settings: Readonly<Record<string, string | number>>;
};

function configOf(options: PostgresqlOptions, use: Use) {
  const { host, port, database, user, password, tls } = options;
  const settings = {
    statement_timeout: use.statementMsMax,
    idle_in_transaction_session_timeout: use.idleMsMax,
    ...use.settings,
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
    connectionTimeoutMillis: Math.min(use.waitMsMax, CONNECT_MS_MAX),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10 * SECOND_MS,
  } satisfies ClientConfig;
}

function connect(connection: ReturnType<typeof configOf>, use: Use, driver: { readonly Client: unknown }): Knex {
  const db = knex({
    client: 'pg',
    connection,
    acquireConnectionTimeout: use.waitMsMax,
    pool: { min: use.connectionsMax === 1 ? 1 : 0, max: use.connectionsMax },
    // The errors of knex are thrown, and its statements must not be logged.
    log: { warn: () => {}, error: () => {}, debug: () => {}, deprecate: () => {} },
  });
  (db.client satisfies Knex.Client).driver = driver;
  return db;
}

/** The certificate is checked against `name`, whatever address the connection goes to. */
function tlsOptions(ca: string, name: string) {
  const identity = (_: string, certificate: PeerCertificate) => checkServerIdentity(name, certificate);
  return { ca, checkServerIdentity: identity, minVersion: 'TLSv1.2' } as const;
}

/**
 * What was read is used only if it came from the database that this process knows. Must be called
 * before the snapshot of the read is taken.
 */
function confirming<Value>(
  continuity: Continuity | undefined,
  work: (session: Session) => Promise<Value>,
): (session: Session) => Promise<Value> {
  if (continuity === undefined) return work;
  const known = continuity.known();
  return async (session) => {
    const value = await work(session);
    const ask = async (sql: string) => (await session.sql(sql))[0];
    await confirmDatabase(continuity, { kind: 'postgresql', known, ask });
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
    // The comparison is sent together with the beginning: all others wait for this transaction.
    const first = [BEGIN_SQL];
    if (continuity !== undefined)
      await confirmDatabase(continuity, {
        kind: 'postgresql',
        known: continuity.known(),
        ask: async (sql) => (await pooled.rows([...first.splice(0), sql].join('; '), 2 * waitMsMax)).at(0),
      });
    if (first.length > 0) await pooled.ask(BEGIN_SQL, 2 * waitMsMax);
  } catch (error) {
    await pooled.destroy();
    throw error;
  }
  return {
    session: (guard) => createSession(db, { guard, ...pooled.session }),
    commit: async () => {
      await commit(pooled, transactionMsMax);
      pooled.release();
    },
    abort: () => endQuietly(pooled),
  };
}

/**
 * Releases the connection when the server has confirmed the rollback; otherwise its state is
 * unknown and it is destroyed.
 */
async function endQuietly(pooled: PooledConnection): Promise<void> {
  try {
    await pooled.ask('rollback', ROLLBACK_MS_MAX);
    pooled.release();
  } catch {
    await pooled.destroy();
  }
}

/**
 * Resolves when the commit is as durable as the server's settings make it. Otherwise it rejects
 * with an error that is never retried: when the answer is lost, it is unknown whether the
 * transaction was committed, and a retry could do the work twice. Recovery, or the client's retry,
 * then finds what was begun.
 */
async function commit(pooled: PooledConnection, msMax: number): Promise<void> {
  let warned = false;
  const onNotice = (): void => {
    warned = true;
  };
  pooled.connection.on('notice', onNotice);
  try {
    const answers = await pooled.ask(COMMIT_SQL, msMax);
    // If a statement failed and the work ignored its error, the server answers COMMIT with
    // ROLLBACK.
    assert(answers.at(-1) === 'COMMIT', 'a transaction in which a statement failed was to be committed');
  } catch (error) {
    if (error instanceof Error && isFromServer(error) && !/^(08|57)/.test(String(Reflect.get(error, 'code')))) {
      const sorted = translateError(error);
      throw sorted instanceof StoreUnavailable && sorted.canRetry
        ? new StoreUnavailable(sorted.message, RETRY_SOON_MS)
        : sorted;
    }
    const known = translateError(error);
    if (!(known instanceof StoreUnavailable)) throw known;
    throw new StoreUnavailable(`whether the transaction was committed is not known: ${known.message}`, RETRY_SOON_MS);
  } finally {
    pooled.connection.off('notice', onNotice);
  }
  // "canceling wait for synchronous replication": the transaction is committed here, but perhaps on
  // no other server.
  if (warned) {
    throw new StoreUnavailable('the transaction was committed with a warning: it may not survive', RETRY_SOON_MS);
  }
}

/** Takes a connection for statements outside of a transaction. */
async function takeOnce<Value>(db: Knex, msMax: number, work: (session: Session) => Promise<Value>): Promise<Value> {
  const pooled = await takeConnection(db);
  const guard = openGuard();
  try {
    const value = await withTransactionTimeout(work(createSession(db, { guard, ...pooled.session })), guard, msMax);
    pooled.release();
    return value;
  } catch (error) {
    throw await ended(pooled, guard, error);
  }
}

/**
 * A snapshot has no limit as a whole, but each of its statements is limited to twice the server's
 * timeout, because a server that hangs does not apply its own.
 */
async function snapshotOnce<Value>(
  db: Knex,
  msMax: number,
  work: (session: Session) => Promise<Value>,
): Promise<Value> {
  const pooled = await takeConnection(db);
  const guard = openGuard();
  try {
    await pooled.ask(SNAPSHOT_SQL, msMax);
    const within = <Answer>(asked: Promise<Answer>): Promise<Answer> => withTimeout(asked, 2 * msMax);
    const value = await work(createSession(db, { guard, ...pooled.session, within }));
    await endQuietly(pooled);
    return value;
  } catch (error) {
    throw await ended(pooled, guard, error);
  }
}

/**
 * Returns the error to throw. After a failure, the state of the connection is
 * unknown.
 */
async function ended(pooled: PooledConnection, guard: Guard, error: unknown): Promise<unknown> {
  guard.ended = true;
  await pooled.destroy();
  return guard.failed ?? error;
}

const VERSION_MIN = 140_000;

/** Checks the settings that our guarantees need. Each fault says what to change. */
async function check(
  db: Knex,
  { environmentMark, durability = 'local' }: EngineWanted,
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
  // A development database may be fast and not durable.
  if (environmentMark === 'development') return faults;
  for (const setting of ['fsync', 'pages']) {
    if (text(row, setting) !== 'on')
      faults.push(`${setting === 'pages' ? 'full_page_writes' : setting} is off: set it to on`);
  }
  return faults;
}
