/** The database's clock, which decides for all nodes, and the high-water mark of issuance. */
import type { Instant } from '../../kernel/clock.js';
import type { RunId } from '../node.js';

export type DatabaseClock = {
  /** The time at this moment, also after a wait for the write lock. */
  readonly now: Instant;
  /** The time of the last issuance by this clock; null: nothing was issued yet. */
  readonly mark: Instant | null;
};

export type IssuanceClock = DatabaseClock & {
  /** Whether the run is there and was not ended. */
  readonly isRunLive: boolean;
};

export type ClockReads = {
  readonly databaseClock: () => Promise<DatabaseClock>;
  /** The clock, and whether this run may still use serial numbers. */
  readonly issuanceClock: (run: RunId) => Promise<IssuanceClock>;
};

export type ClockWrites = { readonly setClockMark: (at: Instant) => Promise<void> };
