/**
 * The interface of a database engine for the store: `sqlite.ts` and `postgresql.ts` implement it.
 */
import type { Knex } from 'knex';
import type { Result } from '../../kernel/result.js';
import type { Durability } from '../../ports/store/durability.js';
import type { Session } from './session.js';
import type { Writer } from './writer.js';

export type StoreLimits = {
  /** Limit of the wait for a turn in a queue, for a lock or for a connection. */
  readonly waitMsMax: number;
  readonly waitingMax: number;
  /** Number of requests that share a transaction. */
  readonly groupItemsMax: number;
  readonly transactionMsMax: number;
  /**
   * Limit for a read, and for each statement of a snapshot. It is not applied to SQLite, which
   * answers from a local file.
   */
  readonly readMsMax: number;
  readonly readsMax: number;
  readonly readConnectionsMax: number;
  readonly snapshotsMax: number;
  /**
   * Size limit of the SQLite file, so that this limit is reached before the disk is full. A
   * PostgreSQL server manages its own disk.
   */
  readonly fileBytesMax: number;
};

/**
 * The settings of this server do not guarantee that acknowledged data survives, or the server
 * cannot store our data.
 */
export type DatabaseUnfit = {
  readonly kind: 'database-unfit';
  readonly faults: readonly string[];
  readonly detail: string;
};

/** There is no database, or an empty one. Only the command for it creates one. */
export type NoDatabase = { readonly kind: 'no-database'; readonly detail: string };

export type EngineWanted = { readonly environmentMark: string; readonly durability?: Durability };

/** The ways in which the schema is changed. */
export type SchemaChanges = {
  /** Reads without the write lock. */
  readonly read: <Value>(work: (on: Knex) => Promise<Value>) => Promise<Value>;
  /**
   * A transaction with the write lock. It is rolled back, and rejects, after `msMax`; null: it has
   * no limit.
   */
  readonly transaction: (msMax: number | null, work: (trx: Knex) => Promise<void>) => Promise<void>;
  /** Builds the index, unless it is complete already. Writers go on meanwhile. */
  readonly buildIndex: (index: { readonly name: string; readonly on: string }) => Promise<void>;
};

export type Engine = {
  /**
   * Called before the schema is inspected. `durability`: what the policy demands of commits;
   * without it they are not checked. Rejects with `StoreUnavailable`.
   */
  readonly check: (wanted: EngineWanted) => Promise<Result<void, DatabaseUnfit | NoDatabase>>;
  /** Called when the schema is prepared: from then on, a change of the files is noticed. */
  readonly opened: () => Promise<void>;
  readonly schema: {
    readonly db: Knex;
    /** Returns one row for each table, with its `name`. */
    readonly tablesSql: string;
    /**
     * Runs `work`. On PostgreSQL, no other process changes the schema at the same time, and other
     * processes go on writing and reading. Rejects with `StoreUnavailable`.
     */
    readonly exclusively: <Value>(work: (changes: SchemaChanges) => Promise<Value>) => Promise<Value>;
  };
  readonly transact: Writer['transact'];
  /**
   * Runs statements that need not be durable. On PostgreSQL, each statement is committed alone, and
   * waits neither in the queue of the transactions nor for the write lock, for the disk or for a
   * standby. On SQLite, `work` is an ordinary transaction.
   */
  readonly aside: <Value>(work: (session: Session) => Promise<Value>) => Promise<Value>;
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
