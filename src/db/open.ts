/** Opens the database and combines its parts into the store that the core uses. */
import { memoize } from '../kernel/memoize.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { StoreFailure } from '../ports/store/failure.js';
import type { Reads, Store, Transaction } from '../ports/store.js';
import type { Clock } from '../ports/world.js';
import type { DatabaseUnfit, Engine, StoreLimits } from './engine/engine.js';
import { RETRY_SOON_MS, StoreUnavailable, translateError } from './engine/failures.js';
import { createGroupCommit } from './engine/grouped.js';
import { openPostgresql, type PostgresqlOptions } from './engine/postgresql.js';
import type { Session } from './engine/session.js';
import { openSqlite } from './engine/sqlite.js';
import { retry } from './engine/writer.js';
import { inspectSchema, prepareSchema, type SchemaFailure } from './migrate.js';
import { accountReads, accountWrites } from './tables/accounts.js';
import { auditReads, auditWrites, type BufferedAuditWrites } from './tables/audit-log.js';
import { blockedKeyReads, blockedKeyWrites } from './tables/blocked-keys.js';
import { certificateReads, certificateWrites } from './tables/certificates.js';
import { crlReads, crlWrites } from './tables/crls.js';
import { idempotencyReads, idempotencyWrites } from './tables/idempotency.js';
import { acquireLease, isLeaseCurrent, releaseLease } from './tables/leases.js';
import { markReads, markWrites } from './tables/marks.js';
import { massRevocationReads, massRevocationWrites } from './tables/mass-revocations.js';
import { readRevoked } from './tables/revoked-snapshot.js';
import { statusReads, statusWrites } from './tables/statuses.js';

/**
 * Readers and the writer share the threads of libuv, four by default, with the file system: more
 * connections gain nothing.
 */
const LIMITS: StoreLimits = {
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
  readonly clock: Clock;
  readonly limits?: Partial<StoreLimits>;
};

export async function openStore(
  options: OpenOptions,
): Promise<Result<Store, StoreFailure | SchemaFailure | DatabaseUnfit>> {
  const { database, environmentMark } = options;
  const limits = { ...LIMITS, ...options.limits };
  const engine = database.kind === 'sqlite' ? openSqlite(database.file, limits) : openPostgresql(database, limits);
  const schema = await asResult(() => retry(limits.waitMsMax, () => prepare(engine, environmentMark)));
  const prepared = schema.ok ? schema.value : schema;
  if (!prepared.ok) {
    await engine.close();
    return prepared;
  }
  return ok(storeOn(engine, options.clock, limits));
}

/**
 * Opens the database for processes that only read, perhaps from a replica: nothing is created or
 * migrated.
 */
export async function openReader(
  options: OpenOptions,
): Promise<Result<Pick<Store, 'read' | 'groupedRead' | 'close'>, StoreFailure | SchemaFailure | DatabaseUnfit>> {
  const { database, environmentMark } = options;
  const limits = { ...LIMITS, ...options.limits };
  const engine =
    database.kind === 'sqlite' ? openSqlite(database.file, limits, 'followed') : openPostgresql(database, limits);
  const seen = await asResult(() => retry(limits.waitMsMax, () => inspectSchema(engine.schema, environmentMark)));
  const fit = seen.ok ? seen.value : seen;
  if (!fit.ok) {
    await engine.close();
    return fit;
  }
  return ok(storeOn(engine, options.clock, limits));
}

async function prepare(engine: Engine, environmentMark: string): Promise<Result<void, SchemaFailure | DatabaseUnfit>> {
  const fit = await engine.check(environmentMark);
  return fit.ok ? prepareSchema(engine.schema, environmentMark) : fit;
}

function storeOn(engine: Engine, clock: Clock, limits: StoreLimits): Store {
  let reading = 0;
  let closed = false;

  const read = async <Value>(work: (reads: Reads) => Promise<Value>): Promise<Value> => {
    if (closed) throw new StoreUnavailable('the database is closed', RETRY_SOON_MS);
    if (reading >= limits.readsMax) throw new StoreUnavailable('too many reads are waiting', RETRY_SOON_MS);
    reading += 1;
    try {
      return await engine.read((session) => work(readsOnce(session)));
    } finally {
      reading -= 1;
    }
  };
  const transact = <Value>(work: (tx: Transaction) => Promise<Value>): Promise<Value> =>
    engine.transact(async (session) => {
      const { writeAudit, ...tx } = transactionOf(session);
      const value = await work(tx);
      await writeAudit();
      return value;
    });
  const groupLimits = { waitingMax: limits.waitingMax, itemsMax: limits.groupItemsMax };
  const transactions = createGroupCommit(transact, groupLimits);
  const reads = createGroupCommit(read, groupLimits);

  return {
    read: (work) => asResult(() => read(work)),
    transaction: (work) => asResult(() => transact(work)),
    groupedTransaction: (work, item) => asResult(() => transactions.join(work, item)),
    groupedRead: (work, item) => asResult(() => reads.join(work, item)),
    revokedSnapshot: (of, use) =>
      asResult(() => {
        if (closed) throw new StoreUnavailable('the database is closed', RETRY_SOON_MS);
        return engine.snapshot((session) => readRevoked(session, of, use));
      }),
    acquireLease: (request) => asResult(() => engine.transact((session) => acquireLease(session, request, clock()))),
    releaseLease: (lease) => asResult(() => engine.transact((session) => releaseLease(session, lease, clock()))),
    close: async () => {
      closed = true;
      await engine.close();
    },
  };
}

/** Each reading connection has one session. */
const readsOnce = memoize(readsOf);

function readsOf(session: Session): Reads {
  return {
    ...certificateReads(session),
    ...idempotencyReads(session),
    ...accountReads(session),
    ...crlReads(session),
    ...auditReads(session),
    ...blockedKeyReads(session),
    ...markReads(session),
    ...massRevocationReads(session),
    ...statusReads(session),
  };
}

function transactionOf(session: Session): Transaction & BufferedAuditWrites {
  return {
    ...readsOf(session),
    ...certificateWrites(session),
    ...idempotencyWrites(session),
    ...accountWrites(session),
    ...crlWrites(session),
    ...auditWrites(session),
    ...blockedKeyWrites(session),
    ...markWrites(session),
    ...massRevocationWrites(session),
    ...statusWrites(session),
    isLeaseCurrent: (lease) => isLeaseCurrent(session, lease),
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
