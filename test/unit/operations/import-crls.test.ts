import assert from 'node:assert/strict';
import { err, ok } from '../../../src/kernel/result.js';
import { importCrls } from '../../../src/operations/crl/import-crls.js';

describe('the import of published CRLs', () => {
  it('that cannot read back what the database has forgotten is what the start reports', async () => {
    const failure = err({ kind: 'database-unavailable', retryAfterMs: 1, detail: 'away' } as const);
    const world = {
      issuers: { all: () => [{ id: 'aci-fo-pp', kind: 'issuing' }] },
      // Everything else succeeds: the CRL is there, and the database has it.
      store: { read: async () => ok({ number: 1 }) },
      relearn: async () => failure,
    };
    assert.deepEqual(await importCrls(world as unknown as Parameters<typeof importCrls>[0]), failure);
    const learnt = { ...world, relearn: async () => ok(undefined) };
    assert.deepEqual(await importCrls(learnt as unknown as Parameters<typeof importCrls>[0]), ok(undefined));
  });
});
