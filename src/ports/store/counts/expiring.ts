/** Certificates that end soon, counted from the index of their ends. */
import type { Instant } from '../../../kernel/clock.js';
import type { AccountScope } from '../accounts.js';

/**
 * The certificates that are issued or suspended, and that end in a period, whose first and last
 * moment are included.
 */
export type EndingCertificates = {
  readonly from: Instant;
  readonly until: Instant;
  readonly scope: AccountScope;
  /** At most this many certificates are looked at, whatever their status is. */
  readonly examinedMax: number;
};

/** `countedBefore`: only those that end before are counted; null: all of the period are. */
type EndingCount<Row> = { readonly rows: readonly Row[]; readonly countedBefore: Instant | null };

/** `week`: weeks since Monday, 5 January 1970, UTC. */
export type EndingInWeek = { readonly profile: string; readonly week: number; readonly count: number };
/** `structureId`: null: holders without a structure. */
export type EndingOfStructure = { readonly structureId: string | null; readonly count: number };

export type ExpiringReads = {
  readonly countEndingByWeek: (of: EndingCertificates) => Promise<EndingCount<EndingInWeek>>;
  /** The structures with the most certificates of the profile; `limit` of them. */
  readonly countEndingByStructure: (
    of: EndingCertificates & { readonly profile: string; readonly limit: number },
  ) => Promise<EndingCount<EndingOfStructure>>;
};
