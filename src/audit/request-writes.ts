import { causedBy } from './entry.js';
import type { AuditEvent } from './events.js';

type AuditWrites = { readonly appendAudit: (events: readonly AuditEvent[]) => Promise<readonly number[]> };

/** A transaction whose audit entries name the request that caused them. */
export function writesOfRequest<Writes extends AuditWrites>(tx: Writes, requestId: string): Writes {
  return {
    ...tx,
    appendAudit: (events) => tx.appendAudit(events.map((event) => causedBy(requestId, event))),
  };
}
