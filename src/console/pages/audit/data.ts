/** What the page of the audit log shows. */
import type { AuditEntry } from '../../../audit/entry.js';
import type { AuditCriteria } from '../../../operations/audit/read-audit.js';
import type { Page } from '../../../ports/store/certificates.js';
import type { FieldFault } from '../../fields.js';

export type AuditData = {
  readonly faults: readonly FieldFault[];
  readonly criteria: AuditCriteria;
  readonly found: Page<AuditEntry>;
};
