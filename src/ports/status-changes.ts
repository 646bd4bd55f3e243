/** Changes of status as those who answer for them follow them (`src/jobs/status-feed.ts`). */
import type { IssuerId } from './signer.js';

/** A status that changed, whichever process changed it. */
export type StatusChange = { readonly seq: number; readonly issuer: IssuerId; readonly serial: string };

export type StatusChangeReads = {
  /** Those after the change of number `after`, in the order of their commits. */
  readonly statusChanges: (after: number, limit: number) => Promise<readonly StatusChange[]>;
  /** Number of the last of them; 0 without any. */
  readonly lastStatusChange: () => Promise<number>;
  /** Whether this database follows another, and may be behind it. */
  readonly isReplica: () => Promise<boolean>;
};
