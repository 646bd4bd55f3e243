/** What the store needs of a database, whichever it is: `sqlite.ts` and `postgresql.ts` each make one. */
import type { Knex } from 'knex';
import type { Result } from '../../kernel/result.js';
import type { Session } from './session.js';
import type { Writer } from './writer.js';

export type StoreLimits = {
  /** For a turn, a lock or a connection. */
  readonly waitMsMax: number;
  readonly waitingMax: number;
  /** Requests that share a transaction. */
  readonly groupItemsMax: number;
  readonly transactionMsMax: number;
  /** Of a read, and of each statement of a snapshot; a file of this machine's answers as fast as it can. */
  readonly readMsMax: number;
  readonly readsMax: number;
  readonly readConnectionsMax: number;
  readonly snapshotsMax: number;
  /** Of SQLite's file: a limit of ours is met before the disk's. A PostgreSQL server's disk is its own affair. */
  readonly fileBytesMax: number;
};

/** The server is set so that what we acknowledge would not survive, or cannot hold what we store. */
export type DatabaseUnfit = {
  readonly kind: 'database-unfit';
  readonly faults: readonly string[];
  readonly detail: string;
};

export type Engine = {
  /** Before the schema is looked at. Rejects with `StoreUnavailable`. */
  readonly check: (environmentMark: string) => Promise<Result<void, DatabaseUnfit>>;
  readonly schema: {
    readonly db: Knex;
    /** The first statement of a transaction that changes the schema: waits for whoever else does, and sees what that one did. */
    readonly lock: (trx: Knex) => Promise<void>;
    /** One row a table, its `name`. */
    readonly tablesSql: string;
  };
  readonly transact: Writer['transact'];
  readonly read: <Value>(work: (session: Session) => Promise<Value>) => Promise<Value>;
  /** All statements of the work see the moment of the first one; nothing is written. */
  readonly snapshot: <Value>(work: (session: Session) => Promise<Value>) => Promise<Value>;
  readonly close: () => Promise<void>;
};
