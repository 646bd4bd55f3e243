/** The audit log. */
import type { AuditEntry } from '../../audit/entry.js';
import type { AuditEvent, AuditOutcome } from '../../audit/events.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import type { Result } from '../../kernel/result.js';
import type { CursorMalformed, Page } from './certificates.js';

/** All that are given must match. */
export type AuditFilter = {
  /** The first and the last millisecond. */
  readonly since?: Instant | undefined;
  readonly until?: Instant | undefined;
  readonly actor?: string | undefined;
  readonly type?: string | undefined;
  readonly outcome?: AuditOutcome | undefined;
  /** The id of a request, or of what the entry is about. */
  readonly id?: string | undefined;
  /** Entries with one of these tags of their holder, or of their card. */
  readonly holderTags?: readonly string[] | undefined;
  readonly cardTags?: readonly string[] | undefined;
  readonly limit: number;
  /** Opaque: `next` of the previous page. */
  readonly cursor?: string | undefined;
};

export type AuditReads = {
  readonly auditEntries: (range: { readonly from: number; readonly limit: number }) => Promise<readonly AuditEntry[]>;
  /** Newest first. */
  readonly searchAudit: (filter: AuditFilter) => Promise<Result<Page<AuditEntry>, CursorMalformed>>;
  readonly auditHead: () => Promise<{ readonly seq: number; readonly chainHash: Bytes }>;
};

export type AuditWrites = {
  /**
   * Returns the numbers of the entries, which ascend in the order of the calls. The entries are
   * written together at the end of the transaction.
   */
  readonly appendAudit: (events: readonly AuditEvent[]) => Promise<readonly number[]>;
};
