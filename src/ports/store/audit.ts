/** The audit log. */
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import type { Json } from '../../kernel/json.js';

export type AuditEvent = {
  readonly at: Instant;
  /**
   * `certificate.intent`, `certificate.issued`, `certificate.revoked`, `crl.intent`,
   * `crl.published`, `access.denied`, ...
   */
  readonly type: string;
  /** Account id, or `system`. */
  readonly actor: string;
  readonly outcome: 'success' | 'failure' | 'intent';
  /** Ids, serial numbers and digests; never names. */
  readonly details: Json;
};

/**
 * An entry as it is stored: bytes are the canonical JSON of the numbered event (see `src/audit`).
 */
export type AuditEntry = {
  readonly seq: number;
  readonly bytes: Bytes;
  readonly leafHash: Bytes;
  readonly chainHash: Bytes;
};

export type AuditReads = {
  readonly auditEntries: (range: { readonly from: number; readonly limit: number }) => Promise<readonly AuditEntry[]>;
  readonly auditHead: () => Promise<{ readonly seq: number; readonly chainHash: Bytes }>;
};

export type AuditWrites = {
  /** In the order of the calls; numbered and written together at the end of the transaction. */
  readonly appendAudit: (events: readonly AuditEvent[]) => Promise<void>;
};
