/** The database's clock, which decides for all nodes, and the high-water mark of issuance. */
import type { Instant } from '../../kernel/clock.js';

export type DatabaseClock = {
  /** The time at this moment, also after a wait for the write lock. */
  readonly now: Instant;
  /** The time of the last issuance by this clock; null: nothing was issued yet. */
  readonly mark: Instant | null;
};

export type ClockReads = { readonly databaseClock: () => Promise<DatabaseClock> };

export type ClockWrites = { readonly setClockMark: (at: Instant) => Promise<void> };
