/** Opens the database and combines its parts into the store that the core uses. */
import type { AuditOrigin } from '../audit/entry.js';
import type { TagKeys } from '../audit/tags.js';
import { assert, present } from '../kernel/assert.js';
import { toHex } from '../kernel/bytes.js';
import type { InteractiveWork } from '../kernel/interactive-work.js';
import { memoize } from '../kernel/memoize.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { Continuity } from '../ports/store/continuity.js';
import type { Durability } from '../ports/store/durability.js';
import type { StoreFailure } from '../ports/store/failure.js';
import type { Reads, Store, Transaction } from '../ports/store.js';
import type { Clock } from '../ports/world.js';
import type { DatabaseUnfit, Engine, NoDatabase, StoreLimits } from './engine/engine.js';
import { RETRY_SOON_MS, StoreUnavailable, translateError } from './engine/failures.js';
import { createGroupCommit } from './engine/group-commit.js';
import type { PostgresqlOptions } from './engine/postgresql.js';
import type { Session } from './engine/session.js';
import type { SqliteOpenOptions } from './engine/sqlite.js';
import { type LockWaitObserver, retry } from './engine/writer.js';
import { checkSchema, DATABASE_EMPTY, readSchema, type SchemaFailure, type SchemaState } from './schema/inspect.js';
import { migrateSchema, type SchemaMigration } from './schema/migrate.js';
import { type ReadsWorld, readsOf, transactionOf } from './store-parts.js';
import { writeHeartbeat } from './tables/nodes/nodes.js';
import { readRevoked } from './tables/revoked-snapshot.js';
import { compareTagKeys, registerTagKeys } from './tag-keys.js';

/**
 * Default limits of the store. SQLite has three reading connections at most, because they share the
 * four threads of libuv with the writer and the file system: more connections gain nothing.
 */
export const DEFAULT_LIMITS: StoreLimits = {
  waitMsMax: 5_000,
  waitingMax: 1_000,
  groupItemsMax: 100,
  transactionMsMax: 15_000,
  writerIdleMsMax: 2_000,
  readMsMax: 30_000,
  readsMax: 2_000,
  readConnectionsMax: 3,
  snapshotsMax: 2,
  fileBytesMax: 1024 ** 4,
};

export type DatabaseOptions =
  | { readonly kind: 'sqlite'; readonly file: string }
  | ({ readonly kind: 'postgresql' } & PostgresqlOptions);

export type OpenOptions = {
  readonly database: DatabaseOptions;
  /**
   * The environment: `development` or `production`. The mark with which a database was created
   * never changes.
   */
  readonly environmentMark: string;
  /**
   * The clock that the store reads. null: the clock of the PostgreSQL server. SQLite has no clock,
   * so its clock must not be null.
   */
  readonly clock: Clock | null;
  readonly limits?: Partial<StoreLimits>;
  /** How durable a commit must be before it is acknowledged. Default: `local`. */
  readonly durability?: Durability;
  /**
   * What this process knows of its database, so that it notices when another database is in its
   * place. If it is absent, nothing is compared.
   */
  readonly continuity?: Continuity;
  /**
   * SQLite: whether other processes write to the file too. Default: true if `continuity` is absent,
   * otherwise false.
   */
  readonly othersWrite?: boolean;
  readonly lockWaited?: LockWaitObserver;
  /**
   * Tells whether there was interactive work just now: then a group has few batch items. Default:
   * only interactive items that wait count as interactive work.
   */
  readonly interactive?: Pick<InteractiveWork, 'isRecent'>;
};

export type StoreOptions = OpenOptions & {
  /** What this process states about itself in each audit entry. */
  readonly auditOrigin: AuditOrigin;
  /**
   * The random id of a new database. With it, an empty database or a missing SQLite file becomes a
   * new database; without it, opening such a database fails.
   */
  readonly newId?: string;
  /** Whether missing levels of the schema are applied first. Default: false. */
  readonly migrates?: boolean;
};

/** Other nodes have used another key for tags in some years (`tag-keys.ts`). */
type TagKeyDiffers = { readonly kind: 'tag-key-differs'; readonly detail: string };

type OpenFailure = StoreFailure | SchemaFailure | DatabaseUnfit | NoDatabase | TagKeyDiffers;

/**
 * Opens the database for reading and writing. Fails if it does not have the schema that this
 * program needs, unless `newId` makes a new database or `migrates` applies the missing levels.
 */
export async function openStore(options: StoreOptions): Promise<Result<Store, OpenFailure>> {
  const { newId, auditOrigin } = options;
  const access = { access: newId === undefined ? 'open' : 'create', auditOrigin } as const;
  return openWith(options, access, (engine) => prepare(engine, options));
}

export type ReaderStore = Pick<Store, 'read' | 'groupedRead' | 'confirmSpace' | 'close'>;

/**
 * Opens the database for reading only, possibly on a replica. If another SQLite file replaces the
 * open one, reads go to the new file.
 */
export function openReader(options: OpenOptions): Promise<Result<ReaderStore, OpenFailure>> {
  return openWith(options, { access: 'open', replaced: 'followed' }, (engine) => inspect(engine, options));
}

/** Opens the database to look at it: nothing is created or changed, not even next to a file. */
export function openInspection(options: OpenOptions): Promise<Result<ReaderStore, OpenFailure>> {
  return openWith(options, { access: 'inspect' }, (engine) => inspect(engine, options));
}

/**
 * Applies the missing levels of the schema. `contract`: whether these include levels after which
 * older programs cannot use the database.
 */
export function migrateDatabase(
  options: OpenOptions & Pick<StoreOptions, 'auditOrigin'> & { readonly contract: boolean },
): Promise<Result<SchemaMigration, OpenFailure>> {
  return withEngine(options, { access: 'open' }, async (engine) => {
    const fit = await engine.check(options);
    return fit.ok ? migrateSchema(engine.schema, options) : fit;
  });
}

/** Reads the level of the schema, even if this program is too old or too new for it. */
export function inspectDatabase(options: OpenOptions): Promise<Result<SchemaState, OpenFailure>> {
  return withEngine(options, { access: 'inspect' }, async (engine) => {
    const state = await readState(engine, options);
    if (!state.ok) return state;
    return state.value === null ? err(DATABASE_EMPTY) : ok(state.value);
  });
}

type AccessOptions = Pick<SqliteOpenOptions, 'access' | 'replaced'>;
type Preparation = Result<void, SchemaFailure | DatabaseUnfit | NoDatabase>;

/**
 * Opens the engine. Its driver is loaded only now, so that a command does not wait for the driver
 * of the other kind of database.
 */
async function openEngine(options: OpenOptions, accessOptions: AccessOptions): Promise<Engine> {
  const { database, continuity, othersWrite, lockWaited, limits: limitOverrides } = options;
  const limits = { ...DEFAULT_LIMITS, ...limitOverrides };
  if (database.kind === 'sqlite') {
    const { openSqlite } = await import('./engine/sqlite.js');
    return openSqlite(database.file, limits, { ...accessOptions, continuity, othersWrite, lockWaited });
  }
  const { openPostgresql } = await import('./engine/postgresql.js');
  return openPostgresql(database, limits, { continuity, lockWaited });
}

async function openWith(
  options: OpenOptions,
  /** If `auditOrigin` is absent, the store must not be used for transactions. */
  { auditOrigin, ...accessOptions }: AccessOptions & { readonly auditOrigin?: AuditOrigin },
  prepareEngine: (engine: Engine) => Promise<Preparation>,
): Promise<Result<Store, OpenFailure>> {
  assert(options.database.kind !== 'sqlite' || options.clock !== null, 'SQLite has no clock of its own');
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const engine = await openEngine(options, accessOptions);
  let isFit = false;
  try {
    const done = await asResult(() => retry(limits.waitMsMax, () => prepareEngine(engine)));
    const fit = done.ok ? done.value : done;
    const opened = fit.ok ? await asResult(() => engine.startFileWatch()) : fit;
    const outcome =
      opened.ok && auditOrigin !== undefined ? await compareAndRegisterTagKeys(engine, auditOrigin.tagKeys) : opened;
    if (!outcome.ok) return outcome;
    isFit = true;
  } finally {
    if (!isFit) await engine.close();
  }
  return ok(storeOn(engine, { ...options, limits, auditOrigin }));
}

/** Compares the keys for tags with those that other nodes have used, and registers new ones. */
async function compareAndRegisterTagKeys(
  engine: Engine,
  keys: TagKeys,
): Promise<Result<void, StoreFailure | TagKeyDiffers>> {
  const state = await asResult(async () => {
    const known = await engine.read((session) => compareTagKeys(session, keys));
    return known.unknown.length === 0 ? known : engine.transact((session) => registerTagKeys(session, keys));
  });
  if (!state.ok) return state;
  const { differing } = state.value;
  if (differing.length === 0) return ok(undefined);
  const detail = `the key of tags of ${differing.join(', ')} is another one than the other nodes have used: copy theirs`;
  return err({ kind: 'tag-key-differs', detail });
}

async function withEngine<Value>(
  options: OpenOptions,
  accessOptions: AccessOptions,
  work: (engine: Engine) => Promise<Result<Value, OpenFailure>>,
): Promise<Result<Value, OpenFailure>> {
  const engine = await openEngine(options, accessOptions);
  try {
    const done = await asResult(() => work(engine));
    return done.ok ? done.value : done;
  } finally {
    await engine.close();
  }
}

async function prepare(engine: Engine, options: StoreOptions): Promise<Preparation> {
  const { environmentMark, newId, clock, auditOrigin, migrates = false } = options;
  const fit = await engine.check(options);
  if (!fit.ok) return fit;
  const before = await readSchema(engine.schema.db, { ...engine.schema, environmentMark });
  if (!before.ok) return before;
  const isNew = before.value === null && newId !== undefined;
  if (!isNew && !migrates) return checkSchema(before.value);
  const wanted = { environmentMark, newId, clock, auditOrigin, contract: true };
  const migrated = await migrateSchema(engine.schema, wanted);
  return migrated.ok ? ok(undefined) : migrated;
}

async function readState(
  engine: Engine,
  { database, environmentMark }: OpenOptions,
): Promise<Result<SchemaState | null, SchemaFailure | DatabaseUnfit | NoDatabase>> {
  // The settings of a PostgreSQL server matter for writers only; for SQLite, the check says whether
  // the file exists.
  const fit = database.kind === 'sqlite' ? await engine.check({ environmentMark }) : ok(undefined);
  return fit.ok ? readSchema(engine.schema.db, { ...engine.schema, environmentMark }) : fit;
}

async function inspect(engine: Engine, options: OpenOptions): Promise<Preparation> {
  const state = await readState(engine, options);
  return state.ok ? checkSchema(state.value) : state;
}

const NO_INTERACTIVE_WORK = { isRecent: () => false } as const;

type StoreWorld = Pick<OpenOptions, 'clock' | 'continuity' | 'durability' | 'interactive'> & {
  readonly limits: StoreLimits;
  readonly auditOrigin: AuditOrigin | undefined;
};

function storeOn(engine: Engine, options: StoreWorld): Store {
  const { clock, durability = 'local', limits, continuity, auditOrigin, interactive = NO_INTERACTIVE_WORK } = options;
  let reading = 0;
  let closed = false;
  const readsWorld: ReadsWorld = { clock, durability };
  /**
   * Makes the object with the reads of a session only once, because each reading connection of
   * SQLite keeps its session.
   */
  const cachedReadsOf = memoize((session: Session) => readsOf(session, readsWorld));

  const checkOpen = (): void => {
    if (closed) throw new StoreUnavailable('the database is closed', RETRY_SOON_MS);
  };
  const read = async <Value>(work: (reads: Reads) => Promise<Value>): Promise<Value> => {
    checkOpen();
    if (reading >= limits.readsMax) throw new StoreUnavailable('too many reads are waiting', RETRY_SOON_MS);
    reading += 1;
    try {
      return await engine.read((session) => work(cachedReadsOf(session)));
    } finally {
      reading -= 1;
    }
  };
  const transact = async <Value>(work: (tx: Transaction) => Promise<Value>): Promise<Value> => {
    const { value, head } = await engine.transact(async (session) => {
      const tx = transactionOf(session, readsWorld, present(auditOrigin, 'origin of audit entries'));
      const value = await work(tx);
      return { value, head: await tx.writeAudit() };
    });
    const known = continuity?.known() ?? null;
    if (known !== null && head !== null)
      continuity?.advance({ id: known.id, seq: head.seq, chainHash: toHex(head.chainHash) });
    return value;
  };
  const groupLimits = { waitingMax: limits.waitingMax, itemsMax: limits.groupItemsMax };
  const transactions = createGroupCommit(transact, groupLimits, interactive);
  // A read takes no lock, so that work of one kind need not wait for a read of another kind.
  const readsOfWork = memoize((_work: object) => createGroupCommit(read, groupLimits, interactive));

  return {
    read: (work) => asResult(() => read(work)),
    transaction: (work) => asResult(() => transact(work)),
    groupedTransaction: (work, item, priority) => asResult(() => transactions.join(work, item, priority)),
    groupedRead: (work, item, priority) => asResult(() => readsOfWork(work).join(work, item, priority)),
    revokedSnapshot: (request, use) =>
      asResult(() => {
        checkOpen();
        return engine.snapshot((session) => readRevoked(session, request, use));
      }),
    confirmSpace: () =>
      asResult(() => {
        checkOpen();
        return engine.confirmSpace();
      }),
    heartbeat: (run, processTime) =>
      asResult(() => {
        checkOpen();
        return engine.executeNonDurable((session) => writeHeartbeat(session, { run, processTime }, clock));
      }),
    close: async () => {
      closed = true;
      await engine.close();
    },
  };
}

async function asResult<Value>(work: () => Promise<Value> | Value): Promise<Result<Value, StoreFailure>> {
  try {
    return ok(await work());
  } catch (thrown) {
    const error = translateError(thrown);
    if (error instanceof StoreUnavailable) return err(error.failure);
    throw error;
  }
}
