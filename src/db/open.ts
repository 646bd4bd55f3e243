/** Opens the database and joins its parts to the store that the core knows. */
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { err, ok, type Result } from '../kernel/result.js';
import type { Reads, Store, StoreFailure, Transaction } from '../ports/store.js';
import type { Clock } from '../ports/world.js';
import { accountReads, accountWrites } from './accounts.js';
import { type AuditWrites, auditReads, auditWrites } from './audit-log.js';
import { certificateReads, certificateWrites } from './certificates.js';
import { crlReads, crlWrites } from './crls.js';
import { RETRY_SOON_MS, StoreUnavailable, translated } from './failures.js';
import { createGroups } from './grouped.js';
import { idempotencyReads, idempotencyWrites } from './idempotency.js';
import { acquireLease, leaseHeld, releaseLease } from './leases.js';
import { markReads, markWrites } from './marks.js';
import { prepareSchema, type SchemaFailure } from './migrate.js';
import { readRevoked } from './revoked-snapshot.js';
import { createSession, type Session } from './session.js';
import { connectSqlite } from './sqlite.js';
import { createWriter, type Writer } from './writer.js';

export type StoreLimits = {
  /** For a turn, a lock or a connection. */
  readonly waitMsMax: number;
  readonly waitingMax: number;
  /** Requests that share a transaction. */
  readonly groupItemsMax: number;
  readonly transactionMsMax: number;
  readonly readsMax: number;
  readonly readConnectionsMax: number;
  readonly snapshotsMax: number;
  /** Of the database file: a limit of ours is met before the disk's. */
  readonly fileBytesMax: number;
};

/** Readers and the writer share libuv's threads, four by default, with the file system: more connections gain nothing. */
const LIMITS: StoreLimits = {
  waitMsMax: 5_000,
  waitingMax: 1_000,
  groupItemsMax: 100,
  transactionMsMax: 15_000,
  readsMax: 2_000,
  readConnectionsMax: 3,
  snapshotsMax: 2,
  fileBytesMax: 1024 ** 4,
};

export type OpenOptions = {
  readonly file: string;
  /** `development` or `production`: a database keeps the mark it was made with. */
  readonly environmentMark: string;
  readonly clock: Clock;
  readonly limits?: Partial<StoreLimits>;
};

type Connections = { readonly writer: Writer; readonly readers: Knex; readonly snapshots: Knex };

export async function openStore(options: OpenOptions): Promise<Result<Store, StoreFailure | SchemaFailure>> {
  const { file, environmentMark } = options;
  const limits = { ...LIMITS, ...options.limits };
  const { waitMsMax, fileBytesMax } = limits;
  const common = { file, waitMsMax, fileBytesMax };
  const write = connectSqlite({ ...common, connectionsMax: 1, mode: 'write' });
  const schema = await asResult(() => {
    makeFile(file);
    return withRetries(waitMsMax, () => prepareSchema(write, environmentMark));
  });
  const prepared = schema.ok ? schema.value : schema;
  if (!prepared.ok) {
    await write.destroy();
    return prepared;
  }
  const connections = {
    writer: createWriter(write, limits),
    readers: connectSqlite({ ...common, connectionsMax: limits.readConnectionsMax, mode: 'read' }),
    snapshots: connectSqlite({ ...common, connectionsMax: limits.snapshotsMax, mode: 'read' }),
  };
  return ok(storeOn(connections, options.clock, limits));
}

const BUSY_RETRY_MS = 50;

/** The change to WAL mode takes a lock that SQLite does not wait for: another service that starts at this moment has it. */
async function withRetries<Value>(waitMsMax: number, work: () => Promise<Value>): Promise<Value> {
  const end = performance.now() + waitMsMax;
  for (;;) {
    try {
      return await work();
    } catch (thrown) {
      const error = translated(thrown);
      const passes = error instanceof StoreUnavailable && error.failure.retryAfterMs === RETRY_SOON_MS;
      if (!passes || performance.now() >= end) throw error;
      await sleep(BUSY_RETRY_MS);
    }
  }
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

function storeOn({ writer, readers, snapshots }: Connections, clock: Clock, limits: StoreLimits): Store {
  let reading = 0;
  let closed = false;

  const read = async <Value>(work: (reads: Reads) => Promise<Value>): Promise<Value> => {
    if (closed) throw new StoreUnavailable('the database is closed', RETRY_SOON_MS);
    if (reading >= limits.readsMax) throw new StoreUnavailable('too many reads are waiting', RETRY_SOON_MS);
    reading += 1;
    try {
      return await work(readsOf(createSession(readers)));
    } finally {
      reading -= 1;
    }
  };
  const transact = <Value>(work: (tx: Transaction) => Promise<Value>): Promise<Value> =>
    writer.transact(async (session) => {
      const { writeAudit, ...tx } = transactionOf(session);
      const value = await work(tx);
      await writeAudit();
      return value;
    });
  const groupLimits = { waitingMax: limits.waitingMax, itemsMax: limits.groupItemsMax };
  const transactions = createGroups(transact, groupLimits);
  const reads = createGroups(read, groupLimits);

  return {
    read: (work) => asResult(() => read(work)),
    transaction: (work) => asResult(() => transact(work)),
    groupedTransaction: (work, item) => asResult(() => transactions.join(work, item)),
    groupedRead: (work, item) => asResult(() => reads.join(work, item)),
    revokedSnapshot: (issuer, thisUpdate, use) =>
      asResult(() => {
        if (closed) throw new StoreUnavailable('the database is closed', RETRY_SOON_MS);
        return readRevoked(snapshots, { issuer, thisUpdate }, use);
      }),
    acquireLease: (request) => asResult(() => writer.transact((session) => acquireLease(session, request, clock()))),
    releaseLease: (lease) => asResult(() => writer.transact((session) => releaseLease(session, lease, clock()))),
    close: async () => {
      closed = true;
      await Promise.all([readers.destroy(), snapshots.destroy()]);
      // The last connection to close folds the log into the database file: it has to be one that may write.
      await writer.close();
    },
  };
}

function readsOf(session: Session): Reads {
  return {
    ...certificateReads(session),
    ...idempotencyReads(session),
    ...accountReads(session),
    ...crlReads(session),
    ...auditReads(session),
    ...markReads(session),
  };
}

function transactionOf(session: Session): Transaction & AuditWrites {
  return {
    ...readsOf(session),
    ...certificateWrites(session),
    ...idempotencyWrites(session),
    ...accountWrites(session),
    ...crlWrites(session),
    ...auditWrites(session),
    ...markWrites(session),
    leaseHeld: (lease) => leaseHeld(session, lease),
  };
}

async function asResult<Value>(work: () => Promise<Value> | Value): Promise<Result<Value, StoreFailure>> {
  try {
    return ok(await work());
  } catch (thrown) {
    const error = translated(thrown);
    if (error instanceof StoreUnavailable) return err(error.failure);
    throw error;
  }
}
