/** The audit log that a restore has put back, where the database fails while it is read. */
import assert from 'node:assert/strict';
import { auditFault } from '../../../src/compose/restore/put-back.js';
import { err } from '../../../src/kernel/result.js';

describe('the audit log of a backup', () => {
  it('is refused with the reason, not with an exception, if the database fails while it is read', async () => {
    const detail = 'the database is locked';
    const store = { read: async () => err({ kind: 'database-unavailable' as const, detail, retryAfterMs: 1 }) };
    const audit = { seq: 3, chainHash: '0'.repeat(64) };
    assert.equal(await auditFault(store, { audit }), `the audit log cannot be read: ${detail}`);
  });
});
