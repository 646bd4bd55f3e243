/** How many certificates were issued and revoked on each day, as a job counts them. */
import type { IssuerId } from '../../signer.js';
import type { RevocationReason } from '../statuses.js';

export type FinalReason = Exclude<RevocationReason, 'certificateHold'>;

export type DailyCount = {
  /** Days since 1970, UTC. */
  readonly day: number;
  readonly issuer: IssuerId;
  readonly profile: string;
  /** `issued`, or the reason of the revocations. */
  readonly kind: 'issued' | FinalReason;
  readonly count: number;
};

/** Audit entries by their numbers: those after `after`, up to `upTo`. */
type EntryRange = { readonly after: number; readonly upTo: number };

export type DailyCountReads = {
  /**
   * What the entries of a range have issued and revoked, on the days of their events. Intents that
   * were given up are no certificates and are not counted.
   */
  readonly countEntries: (range: EntryRange) => Promise<readonly DailyCount[]>;
  /** The stored counts from the first to the last day, in the order of day, issuer and profile. */
  readonly dailyCounts: (days: { readonly from: number; readonly to: number }) => Promise<readonly DailyCount[]>;
};

export type DailyCountWrites = {
  /** Adds to the stored counts. */
  readonly addDailyCounts: (counts: readonly DailyCount[]) => Promise<void>;
};
