/** Changes of status as those who answer for them follow them (`src/jobs/status/status-poller.ts`). */
import type { Instant } from '../kernel/clock.js';
import type { IssuerId } from './signer.js';
import type { StoredState } from './store.js';

/** A status that changed, whichever process changed it. */
export type StatusChange = {
  readonly seq: number;
  readonly issuer: IssuerId;
  readonly serial: string;
  readonly at: Instant;
};

/** A status as it became. */
export type StatusEvent = { readonly at: Instant; readonly actor: string; readonly state: StoredState };

export type LivePage = { readonly after: string; readonly now: Instant; readonly limit: number };

export type StatusChangeReads = {
  /** Those after the change of number `after`, in the order of their commits. */
  readonly statusChanges: (after: number, limit: number) => Promise<readonly StatusChange[]>;
  /** Number of the last of them; 0 without any. */
  readonly lastStatusChange: () => Promise<number>;
  /** Of one certificate, in the order of their commits. */
  readonly statusEvents: (certificateId: string) => Promise<readonly StatusEvent[]>;
  /** Serial numbers of what was signed and is not over, ascending, after this one. */
  readonly liveSerials: (issuer: IssuerId, page: LivePage) => Promise<readonly string[]>;
  /** Whether this database follows another, and may be behind it. */
  readonly isReplica: () => Promise<boolean>;
};
