import type { AuditEvent } from '../audit/events.js';
import { present } from '../kernel/assert.js';
import type { AuditWrites } from '../ports/store/audit.js';

/** Appends one entry to the audit log and returns its number. */
export async function appendEntry(tx: Pick<AuditWrites, 'appendAudit'>, event: AuditEvent): Promise<number> {
  const [seq] = await tx.appendAudit([event]);
  return present(seq, 'number of an audit entry');
}
