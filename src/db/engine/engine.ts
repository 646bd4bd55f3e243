/**
 * The interface between the store and a database engine. `sqlite.ts` and `postgresql.ts` implement
 * it.
 */
import type { Knex } from 'knex';
import type { Result } from '../../kernel/result.js';
import type { Durability } from '../../ports/store/durability.js';
import type { Session } from './session.js';
import type { Writer } from './writer.js';

export type StoreLimits = {
  /** Limit of the wait for a turn in a queue, for a lock or for a connection, in milliseconds. */
  readonly waitMsMax: number;
  /** Limit for the callers that wait in a queue. */
  readonly waitingMax: number;
  /**
   * Limit for the requests of one priority that share a transaction or a read (`group-commit.ts`).
   */
  readonly groupItemsMax: number;
  /** Limit for a transaction, in milliseconds. A longer one is rolled back. */
  readonly transactionMsMax: number;
  /**
   * Limit of the time between two statements of a transaction, in milliseconds. After it, a
   * PostgreSQL server ends the connection of a writer that hangs, and with it the write lock. It is
   * not applied to SQLite.
   */
  readonly writerIdleMsMax: number;
  /**
   * Limit for a read, and for each statement of a snapshot. It is not applied to SQLite, which
   * answers from a local file.
   */
  readonly readMsMax: number;
  readonly readsMax: number;
  readonly readConnectionsMax: number;
  readonly snapshotsMax: number;
  /**
   * Limit for the size of the SQLite file, in octets. Beyond it, writes fail as on a full disk. A
   * PostgreSQL server manages its own disk.
   */
  readonly fileBytesMax: number;
};

/**
 * The database or its settings do not guarantee that acknowledged data survives, or it cannot store
 * our data.
 */
export type DatabaseUnfit = {
  readonly kind: 'database-unfit';
  readonly faults: readonly string[];
  readonly detail: string;
};

/** There is no database, or it is empty. Opening creates one only if the caller asks for it. */
export type NoDatabase = { readonly kind: 'no-database'; readonly detail: string };

export type EngineRequirements = { readonly environmentMark: string; readonly durability?: Durability };

/** The operations for a change of the schema. */
export type SchemaChanges = {
  /** Reads the database without the write lock. */
  readonly read: <Value>(work: (on: Knex) => Promise<Value>) => Promise<Value>;
  /**
   * Runs a transaction with the write lock. On PostgreSQL, it is rolled back, and rejects, after
   * `msMax` milliseconds; null: it has no limit. On SQLite, it never has a limit.
   */
  readonly transaction: (msMax: number | null, work: (trx: Knex) => Promise<void>) => Promise<void>;
  /**
   * Builds the index, unless it is complete already. PostgreSQL does not block writers meanwhile.
   */
  readonly buildIndex: (index: { readonly name: string; readonly on: string }) => Promise<void>;
};

export type Engine = {
  /**
   * Checks the database and its settings; an engine that may create a SQLite file does so here.
   * Called before the schema is inspected. `durability`: what the policy demands of commits.
   * `translateError` translates the errors with which it rejects.
   */
  readonly check: (wanted: EngineRequirements) => Promise<Result<void, DatabaseUnfit | NoDatabase>>;
  /**
   * Called after the schema was prepared. From then on, a SQLite engine that writes notices when
   * another program changes or replaces its files. On PostgreSQL, it does nothing.
   */
  readonly startFileWatch: () => Promise<void>;
  readonly schema: {
    readonly db: Knex;
    /** SQL that returns one row for each table, with its `name`. */
    readonly tablesSql: string;
    /**
     * Runs a change of the schema. On PostgreSQL, other processes go on reading and writing, but
     * none changes the schema meanwhile. `translateError` translates the errors with which it
     * rejects.
     */
    readonly exclusively: <Value>(work: (changes: SchemaChanges) => Promise<Value>) => Promise<Value>;
  };
  readonly transact: Writer['transact'];
  /**
   * Runs statements that need not be durable. On PostgreSQL, each statement is committed by itself:
   * it does not wait for the write lock, for the disk or for a standby. On SQLite, `work` is an
   * ordinary transaction.
   */
  readonly executeNonDurable: <Value>(work: (session: Session) => Promise<Value>) => Promise<Value>;
  readonly read: <Value>(work: (session: Session) => Promise<Value>) => Promise<Value>;
  /**
   * All statements of `work` see the database as it was at the first statement. They must not
   * write.
   */
  readonly snapshot: <Value>(work: (session: Session) => Promise<Value>) => Promise<Value>;
  /** Rejects with `StoreUnavailable` if the disk is full (`disk-space.ts`). */
  readonly confirmSpace: () => Promise<void>;
  readonly close: () => Promise<void>;
};
