/** How old the data of a database server may be, as far as the server itself shows it. */
import type { Instant } from '../../kernel/clock.js';

/**
 * Name of the mark with the database's time at which a node last began a transaction that was then
 * committed. Each node that writes sets it every few seconds. Where commits wait for a standby, the
 * mark is visible only when a standby has it; a heartbeat does not wait for that.
 */
export const COMMITTED_MARK = 'committed';

export type Freshness = {
  /** The time of the server. */
  readonly now: Instant;
  /** The newest heartbeat of all live runs; null: there is none. */
  readonly heartbeat: Instant | null;
  /** The time in `COMMITTED_MARK`; null: no node has written it yet. */
  readonly committed: Instant | null;
};

export type FreshnessReads = {
  /** null: the database is a file, which is never behind another one. */
  readonly freshness: () => Promise<Freshness | null>;
};
