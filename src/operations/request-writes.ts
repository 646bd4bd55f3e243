import { causedBy } from '../audit/entry.js';
import type { AuditWrites } from '../ports/store/audit.js';

/** A transaction whose audit entries name the request that caused them. */
export function writesOfRequest<Writes extends AuditWrites>(tx: Writes, requestId: string): Writes {
  return {
    ...tx,
    appendAudit: (events) => tx.appendAudit(events.map((event) => causedBy(requestId, event))),
  };
}
