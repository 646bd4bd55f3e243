/** Leases: of several processes on one database, one at a time does a piece of work. */

type LeaseRequest = {
  /** What one process at a time does: `crl/aci-fo-pp`. */
  readonly name: string;
  /** Identifies the holder, and is unique among all that share the database. */
  readonly holder: string;
  /** An hour at most. */
  readonly durationMs: number;
};

/**
 * Valid for the requested duration by the database's clock. The holder counts the duration on its
 * own monotonic clock, from before it asked. `fencingToken` rises each time the lease is taken.
 */
export type Lease = {
  readonly name: string;
  readonly holder: string;
  readonly fencingToken: number;
};

export type LeaseWrites = {
  /** null: another holder has it. A lease that was taken has a new token, whoever had it before. */
  readonly takeLease: (request: LeaseRequest) => Promise<Lease | null>;
  /** Extends a lease that nobody has taken since. false: it was lost. */
  readonly renewLease: (lease: Lease, durationMs: number) => Promise<boolean>;
  /** Ends the lease early. It has no effect when the lease was lost. */
  readonly endLease: (lease: Lease) => Promise<void>;
  /**
   * Whether no other holder has taken the lease since. Call it in the transaction that does the
   * work.
   */
  readonly isLeaseCurrent: (lease: Lease) => Promise<boolean>;
};
