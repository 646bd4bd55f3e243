import type { AuditType } from '../../../src/audit/events.js';

/** Types of audit entries that no operation writes, with the tests that see them written. */
export const AUDIT_TYPES_OF_OTHERS: Readonly<Partial<Record<AuditType, string>>> = {
  'campaign.opened': 'test/integration/campaigns/api.test.ts',
  'campaign.resumed': 'test/integration/campaigns/api.test.ts',
  'campaign.dates-set': 'test/integration/campaigns/api.test.ts',
  'campaign.armed': 'test/integration/campaigns/api.test.ts',
  'campaign.release-decided': 'test/integration/campaigns/api.test.ts',
  'campaign.ended': 'test/integration/campaigns/api.test.ts',
  'account.enabled': 'test/integration/service/accounts/account-commands.test.ts',
  'account.credential-added': 'test/integration/jobs/founding.test.ts',
  'access.denied': 'test/support/service/traces.ts',
  'request.refused': 'test/support/service/traces.ts',
  'proof.rejected': 'test/support/service/traces.ts',
  'crl.requested': 'test/integration/service/requests/routes.test.ts',
  'clock.wrong': 'test/integration/jobs/clock-watch.test.ts',
  'clock.right': 'test/integration/jobs/clock-watch.test.ts',
  'clock.database-wrong': 'test/integration/jobs/clock-watch.test.ts',
  'node.started': 'test/integration/jobs/runs.test.ts',
  'node.stopped': 'test/integration/jobs/runs.test.ts',
  'node.lost': 'test/integration/jobs/runs.test.ts',
  'schema.migrated': 'test/integration/db/schema.test.ts',
  'journal.incomplete': 'test/integration/jobs/journals.test.ts',
  'ocsp.signed': 'test/integration/jobs/journals.test.ts',
  'signer.notes': 'test/integration/jobs/journals.test.ts',
  'signer.unknown-signature': 'test/integration/jobs/journals.test.ts',
  'webhook.dead': 'test/integration/webhooks/delivery.test.ts',
};
