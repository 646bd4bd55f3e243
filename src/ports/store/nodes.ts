/** Nodes and their runs: who serves on this database now, and who has served. */
import type { Instant } from '../../kernel/clock.js';
import type { Result } from '../../kernel/result.js';
import type { NodeId, RunId } from '../node.js';
import type { StoreFailure } from './failure.js';

/** A run without a heartbeat for this long, by the database's clock, counts as dead. */
export const SILENT_MS = 15_000;

/** What a run says about itself when it begins. */
export type RunFacts = {
  readonly run: RunId;
  readonly node: NodeId;
  /** The name of the node, for people. */
  readonly name: string;
  /** The host name of the machine. */
  readonly host: string;
  /** SHA-256 hex that tells the home folder from its copies, until its machine starts again. */
  readonly home: string;
  readonly roles: readonly string[];
  readonly version: string;
  /** The newest schema level that its program knows. */
  readonly schemaLevel: number;
  readonly policyDigest: string;
  /** SHA-256 hex of what all nodes must have configured alike. */
  readonly configDigest: string;
  /** Where other nodes find what it publishes; null: it does not say. */
  readonly publicationUrl: string | null;
};

/** `stopped`: by itself. `restarted`: its node began another one. `lost`: it was silent. */
export type RunEnd = 'stopped' | 'restarted' | 'lost';

/** All times are those of the database. */
export type RunRecord = RunFacts & {
  /** How far its clock is ahead of the database's, measured with its last heartbeat. */
  readonly clockOffsetMs: number;
  readonly startedAt: Instant;
  /** The time of its last heartbeat. */
  readonly seenAt: Instant;
  /** null: it is live. */
  readonly end: { readonly at: Instant; readonly reason: RunEnd } | null;
};

export type NodeReads = {
  /** All live runs. They are few (`LIVE_RUNS_MAX`). */
  readonly liveRuns: () => Promise<readonly RunRecord[]>;
  /** The live runs, and after them the ended runs that started last, at most `limit` together. */
  readonly runs: (limit: number) => Promise<readonly RunRecord[]>;
  /** Whether the run is there and was not ended. */
  readonly isRunLive: (run: RunId) => Promise<boolean>;
  /** Number of the intents of this run that are open. */
  readonly countOpenIntents: (run: RunId) => Promise<number>;
};

export type NodeWrites = {
  /** Also writes the present name of the node. `at`: the start and the first heartbeat. */
  readonly insertRun: (run: RunFacts, first: { readonly at: Instant; readonly clockOffsetMs: number }) => Promise<void>;
  /**
   * Returns whether it was live until now. `seenAt`: only if that is still the time of its last
   * heartbeat.
   */
  readonly endRun: (
    run: RunId,
    end: { readonly at: Instant; readonly reason: RunEnd; readonly seenAt?: Instant },
  ) => Promise<boolean>;
};

export type Heartbeats = {
  /**
   * Writes the time of the database, and how far `clock` is ahead of it, into the row of the run.
   * On PostgreSQL it waits for no turn, no write lock and no standby, because a process that waits
   * for its turn is alive. On SQLite it is a transaction like any other.
   */
  readonly heartbeat: (
    run: RunId,
    clock: Instant,
  ) => Promise<Result<'written' | 'run-ended' | 'run-missing', StoreFailure>>;
};
