/** The audit log. */
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import type { Json } from '../../kernel/json.js';
import type { Result } from '../../kernel/result.js';
import type { CursorMalformed, Page } from './certificates.js';

export type AuditEvent = {
  readonly at: Instant;
  /**
   * `certificate.intent`, `certificate.issued`, `certificate.revoked`, `crl.intent`,
   * `crl.published`, `access.denied`, ...
   */
  readonly type: string;
  /** Account id, or `system`. */
  readonly actor: string;
  readonly outcome: AuditOutcome;
  /** The request of the API that caused it; left out: a job or a command did. */
  readonly requestId?: string;
  /** Ids, serial numbers and digests; never names. */
  readonly details: Json;
};

export type AuditOutcome = 'success' | 'failure' | 'intent';

/** What entries are searched by. It is part of their bytes, and stored beside them for indexes. */
export type AuditKeys = {
  readonly at: Instant;
  readonly type: string;
  readonly actor: string;
  readonly outcome: AuditOutcome;
  readonly requestId: string | null;
  /** The certificate, order, account or key that the entry is about; null: none of them. */
  readonly subjectId: string | null;
};

/**
 * An entry as it is stored: bytes are the canonical JSON of the numbered event (see `src/audit`).
 */
export type AuditEntry = {
  readonly seq: number;
  readonly bytes: Bytes;
  readonly leafHash: Bytes;
  readonly chainHash: Bytes;
  readonly keys: AuditKeys;
};

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
  /** In the order of the calls; numbered and written together at the end of the transaction. */
  readonly appendAudit: (events: readonly AuditEvent[]) => Promise<void>;
};
