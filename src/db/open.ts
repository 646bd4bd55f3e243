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
import { combine } from './combine.js';
import { clockReads, transactionClock } from './engine/database-clock.js';
import { durabilityFault } from './engine/durability.js';
import type { DatabaseUnfit, Engine, NoDatabase, StoreLimits } from './engine/engine.js';
import { RETRY_SOON_MS, StoreUnavailable, translateError } from './engine/failures.js';
import { freshness } from './engine/freshness.js';
import { createGroupCommit } from './engine/grouped.js';
import type { PostgresqlOptions } from './engine/postgresql.js';
import type { Session } from './engine/session.js';
import type { SqliteUse } from './engine/sqlite.js';
import { type LockWaitObserver, retry } from './engine/writer.js';
import { checkSchema, EMPTY, readSchema, type SchemaFailure, type SchemaState } from './schema/inspect.js';
import { migrateSchema, type SchemaMigration } from './schema/migrate.js';
import { accountReads, accountWrites } from './tables/accounts.js';
import { approvalReads, approvalWrites } from './tables/approvals.js';
import { auditReads, auditWrites, type BufferedAuditWrites } from './tables/audit/audit-log.js';
import { blockedKeyReads, blockedKeyWrites } from './tables/blocked-keys.js';
import { campaignReads, campaignWrites } from './tables/campaigns/campaigns.js';
import { updateReads, updateWrites } from './tables/cards/card-updates.js';
import { cardReads, cardWrites } from './tables/cards/cards.js';
import { certificateReads, certificateWrites } from './tables/certificates.js';
import { clientReads } from './tables/clients.js';
import { accountUsageReads, accountUsageWrites } from './tables/counts/account-usage.js';
import { dailyCountReads, dailyCountWrites } from './tables/counts/daily-counts.js';
import { expiringReads } from './tables/counts/expiring.js';
import { crlReads, crlWrites } from './tables/crls.js';
import { enrolmentReads, enrolmentWrites } from './tables/enrolment/enrolment.js';
import { idempotencyReads, idempotencyWrites } from './tables/idempotency.js';
import { issuanceMinuteReads, issuanceMinuteWrites } from './tables/issuance-minutes.js';
import { issuerReads, issuerWrites } from './tables/issuers.js';
import { journalReads, journalWrites } from './tables/journals.js';
import { markReads, markWrites } from './tables/marks.js';
import { massRevocationReads, massRevocationWrites } from './tables/mass-revocations.js';
import { jobReads, jobWrites } from './tables/nodes/jobs.js';
import { leaseWrites } from './tables/nodes/leases.js';
import { nodeReads, nodeWrites, writeHeartbeat } from './tables/nodes/nodes.js';
import { acknowledgementReads, acknowledgementWrites } from './tables/orders/acknowledgements.js';
import { orderReads, orderWrites } from './tables/orders/orders.js';
import { deliveryReads, deliveryWrites } from './tables/outbox/deliveries.js';
import { outboxReads, outboxWrites } from './tables/outbox/events.js';
import { readRevoked } from './tables/revoked-snapshot.js';
import { statusReads, statusWrites } from './tables/statuses.js';
import { compareTagKeys, registerTagKeys } from './tag-keys.js';

/**
 * Readers and the writer share the threads of libuv, four by default, with the file system: more
 * connections gain nothing.
 */
export const LIMITS: StoreLimits = {
  waitMsMax: 5_000,
  waitingMax: 1_000,
  groupItemsMax: 100,
  transactionMsMax: 15_000,
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
  /** `development` or `production`: the mark with which a database was created never changes. */
  readonly environmentMark: string;
  /** The clock of the database. null: that of the server, which SQLite does not have. */
  readonly clock: Clock | null;
  readonly limits?: Partial<StoreLimits>;
  /** What the policy demands of commits. Default: `local`. */
  readonly durability?: Durability;
  /**
   * What this process knows of its database, so that it notices another one in its place. Without
   * it, nothing is compared.
   */
  readonly continuity?: Continuity;
  /** SQLite: whether other processes write to the file too. Default: only without `continuity`. */
  readonly othersWrite?: boolean;
  readonly lockWaited?: LockWaitObserver;
  /** Default: there is no interactive work besides the items themselves. */
  readonly interactive?: Pick<InteractiveWork, 'isRecent'>;
};

export type StoreOptions = OpenOptions & {
  /** What this process states about itself in each audit entry. */
  readonly auditOrigin: AuditOrigin;
  /** An empty database, or a missing SQLite file, becomes a new database with this random id. */
  readonly newId?: string;
  /** Applies what is missing of the schema first. */
  readonly migrates?: boolean;
};

/** The database knows another key for the tags of these years. */
type TagKeyDiffers = { readonly kind: 'tag-key-differs'; readonly detail: string };

type OpenFailure = StoreFailure | SchemaFailure | DatabaseUnfit | NoDatabase | TagKeyDiffers;

/** Opens the database for reading and writing. */
export async function openStore(options: StoreOptions): Promise<Result<Store, OpenFailure>> {
  const { newId, auditOrigin } = options;
  const use = { access: newId === undefined ? 'open' : 'create', auditOrigin } as const;
  return openWith(options, use, (engine) => prepare(engine, options));
}

export type ReaderStore = Pick<Store, 'read' | 'groupedRead' | 'confirmSpace' | 'close'>;

/** Opens the database for processes that only read, perhaps from a replica. */
export function openReader(options: OpenOptions): Promise<Result<ReaderStore, OpenFailure>> {
  return openWith(options, { access: 'open', replaced: 'followed' }, (engine) => inspect(engine, options));
}

/** Opens the database to look at it: nothing is created or changed, not even next to a file. */
export function openInspection(options: OpenOptions): Promise<Result<ReaderStore, OpenFailure>> {
  return openWith(options, { access: 'inspect' }, (engine) => inspect(engine, options));
}

/**
 * Applies what is missing of the schema. `contract`: also the levels after which older programs
 * cannot use the database.
 */
export function migrateDatabase(
  options: OpenOptions & Pick<StoreOptions, 'auditOrigin'> & { readonly contract: boolean },
): Promise<Result<SchemaMigration, OpenFailure>> {
  return withEngine(options, { access: 'open' }, async (engine) => {
    const fit = await engine.check(options);
    return fit.ok ? migrateSchema(engine.schema, options) : fit;
  });
}

/** Reads the level of the schema, also if this program cannot use the database. */
export function inspectDatabase(options: OpenOptions): Promise<Result<SchemaState, OpenFailure>> {
  return withEngine(options, { access: 'inspect' }, async (engine) => {
    const state = await readState(engine, options);
    if (!state.ok) return state;
    return state.value === null ? err(EMPTY) : ok(state.value);
  });
}

type Use = Pick<SqliteUse, 'access' | 'replaced'>;
type Preparation = Result<void, SchemaFailure | DatabaseUnfit | NoDatabase>;

/** The driver of the other kind of database is not loaded, so that every command starts sooner. */
async function engineOf(options: OpenOptions, use: Use): Promise<Engine> {
  const { database, continuity, othersWrite, lockWaited, limits: given } = options;
  const limits = { ...LIMITS, ...given };
  if (database.kind === 'sqlite') {
    const { openSqlite } = await import('./engine/sqlite.js');
    return openSqlite(database.file, limits, { ...use, continuity, othersWrite, lockWaited });
  }
  const { openPostgresql } = await import('./engine/postgresql.js');
  return openPostgresql(database, limits, { continuity, lockWaited });
}

async function openWith(
  options: OpenOptions,
  /** If `auditOrigin` is absent, the store can only be read. */
  { auditOrigin, ...use }: Use & { readonly auditOrigin?: AuditOrigin },
  prepared: (engine: Engine) => Promise<Preparation>,
): Promise<Result<Store, OpenFailure>> {
  assert(options.database.kind !== 'sqlite' || options.clock !== null, 'SQLite has no clock of its own');
  const limits = { ...LIMITS, ...options.limits };
  const engine = await engineOf(options, use);
  const done = await asResult(() => retry(limits.waitMsMax, () => prepared(engine)));
  const fit = done.ok ? done.value : done;
  const opened = fit.ok ? await asResult(() => engine.opened()) : fit;
  const keyed = opened.ok && auditOrigin !== undefined ? await keepTagKeys(engine, auditOrigin.tagKeys) : opened;
  if (!keyed.ok) {
    await engine.close();
    return keyed;
  }
  return ok(storeOn(engine, { ...options, limits, auditOrigin }));
}

/** Compares the keys of tags with those of other nodes, and registers new ones. */
async function keepTagKeys(engine: Engine, keys: TagKeys): Promise<Result<void, StoreFailure | TagKeyDiffers>> {
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
  use: Use,
  work: (engine: Engine) => Promise<Result<Value, OpenFailure>>,
): Promise<Result<Value, OpenFailure>> {
  const engine = await engineOf(options, use);
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
  // The settings of a server matter for writers only.
  const there = database.kind === 'sqlite' ? await engine.check({ environmentMark }) : ok(undefined);
  return there.ok ? readSchema(engine.schema.db, { ...engine.schema, environmentMark }) : there;
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
  const own = { clock, durability };
  /** Each reading connection has one session. */
  const readsOnce = memoize((session: Session) => readsOf(session, own));

  const checkOpen = (): void => {
    if (closed) throw new StoreUnavailable('the database is closed', RETRY_SOON_MS);
  };
  const read = async <Value>(work: (reads: Reads) => Promise<Value>): Promise<Value> => {
    checkOpen();
    if (reading >= limits.readsMax) throw new StoreUnavailable('too many reads are waiting', RETRY_SOON_MS);
    reading += 1;
    try {
      return await engine.read((session) => work(readsOnce(session)));
    } finally {
      reading -= 1;
    }
  };
  const transact = async <Value>(work: (tx: Transaction) => Promise<Value>): Promise<Value> => {
    const { value, head } = await engine.transact(async (session) => {
      const tx = transactionOf(session, own, present(auditOrigin, 'origin of audit entries'));
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
  const reads = createGroupCommit(read, groupLimits, interactive);

  return {
    read: (work) => asResult(() => read(work)),
    transaction: (work) => asResult(() => transact(work)),
    groupedTransaction: (work, item, priority) => asResult(() => transactions.join(work, item, priority)),
    groupedRead: (work, item, priority) => asResult(() => reads.join(work, item, priority)),
    revokedSnapshot: (of, use) =>
      asResult(() => {
        checkOpen();
        return engine.snapshot((session) => readRevoked(session, of, use));
      }),
    confirmSpace: () =>
      asResult(() => {
        checkOpen();
        return engine.confirmSpace();
      }),
    heartbeat: (run, own) =>
      asResult(() => {
        checkOpen();
        return engine.aside((session) => writeHeartbeat(session, { run, own }, clock));
      }),
    close: async () => {
      closed = true;
      await engine.close();
    },
  };
}

type ReadsWorld = { readonly clock: Clock | null; readonly durability: Durability };

function readsOf(session: Session, { clock, durability }: ReadsWorld): Reads {
  return combine(
    certificateReads(session),
    idempotencyReads(session),
    issuanceMinuteReads(session),
    issuerReads(session),
    jobReads(session, clock),
    accountReads(session),
    clientReads(session),
    accountUsageReads(session),
    crlReads(session),
    dailyCountReads(session),
    expiringReads(session),
    journalReads(session),
    auditReads(session),
    blockedKeyReads(session),
    cardReads(session),
    campaignReads(session),
    markReads(session),
    massRevocationReads(session),
    nodeReads(session),
    orderReads(session),
    outboxReads(session),
    deliveryReads(session),
    acknowledgementReads(session),
    approvalReads(session),
    enrolmentReads(session),
    statusReads(session),
    updateReads(session),
    clockReads(session, clock),
    {
      durabilityFault: () => durabilityFault(session, durability),
      freshness: () => freshness(session, clock),
    },
  );
}

function transactionOf(
  session: Session,
  world: ReadsWorld,
  auditOrigin: AuditOrigin,
): Transaction & BufferedAuditWrites {
  return combine(
    readsOf(session, world),
    certificateWrites(session),
    idempotencyWrites(session),
    issuanceMinuteWrites(session),
    issuerWrites(session),
    jobWrites(session),
    leaseWrites(session, world.clock),
    accountWrites(session),
    accountUsageWrites(session),
    crlWrites(session),
    dailyCountWrites(session),
    journalWrites(session),
    auditWrites(session, auditOrigin),
    blockedKeyWrites(session),
    cardWrites(session),
    campaignWrites(session),
    markWrites(session),
    massRevocationWrites(session),
    nodeWrites(session),
    orderWrites(session),
    outboxWrites(session),
    deliveryWrites(session),
    acknowledgementWrites(session),
    approvalWrites(session),
    enrolmentWrites(session),
    statusWrites(session),
    updateWrites(session),
    transactionClock(session, world.clock),
  );
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
