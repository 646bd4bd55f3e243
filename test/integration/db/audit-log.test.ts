import assert from 'node:assert/strict';
import { join } from 'node:path';
import { verifyChain } from '../../../src/audit/chain.js';
import { numberedEntry } from '../../../src/audit/entry.js';
import type { AuditEntry, Store } from '../../../src/ports/store.js';
import { cleanUp, event, opened, tamper, temporaryFolder, unwrap } from '../../support/db-fixture.js';

async function* pages(store: Store): AsyncGenerator<AuditEntry> {
  for (let from = 1; ; from += 7) {
    const page = unwrap(await store.read((reads) => reads.auditEntries({ from, limit: 7 })));
    yield* page;
    if (page.length < 7) return;
  }
}

async function filledFile(): Promise<string> {
  const file = join(temporaryFolder(), 'pfcng.sqlite');
  const store = await opened({ file });
  for (let at = 0; at < 5; at += 1) {
    unwrap(await store.transaction((tx) => tx.appendAudit([1, 2, 3, 4].map((n) => event('t', { at, n })))));
  }
  await store.close();
  return file;
}

describe('the audit log in the database', () => {
  afterEach(cleanUp);

  it('entries come back numbered without gaps, in canonical bytes, chained', async () => {
    const store = await opened();
    unwrap(
      await store.transaction(async (tx) => {
        await tx.appendAudit([event('a', { z: 1, b: 'é' })]);
        await tx.appendAudit([]);
        await tx.appendAudit([event('b')]);
      }),
    );
    unwrap(await store.transaction((tx) => tx.appendAudit([])));
    const read = unwrap(await store.read((reads) => reads.auditEntries({ from: 1, limit: 10 })));
    assert.deepEqual(
      read.map(({ seq, bytes }) => [seq, bytes]),
      [
        [1, numberedEntry(1, event('a', { z: 1, b: 'é' }))],
        [2, numberedEntry(2, event('b'))],
      ],
    );
    const second = await store.read((reads) => reads.auditEntries({ from: 2, limit: 1 }));
    assert.deepEqual(unwrap(second), read.slice(1));
    assert.deepEqual(await verifyChain(pages(store)), {
      ok: true,
      value: { count: 2, head: unwrap(await store.read((reads) => reads.auditHead())) },
    });
  });

  it('thousands of entries in one transaction are one stretch of the chain', async () => {
    const store = await opened();
    const events = Array.from({ length: 1_001 }, (_, at) => event('t', { at }));
    unwrap(await store.transaction((tx) => tx.appendAudit(events)));
    const verdict = await verifyChain(pages(store));
    assert.ok(verdict.ok && verdict.value.count === 1_001);
  });

  const edits: readonly { readonly what: string; readonly sql: string; readonly seq: number; readonly rule: string }[] =
    [
      {
        what: 'an altered entry',
        sql: `update audit_entries set bytes = cast(replace(cast(bytes as text), 'success', 'failure') as blob) where seq = 9`,
        seq: 9,
        rule: 'leaf-hash-matches',
      },
      {
        what: 'a removed entry',
        sql: 'delete from audit_entries where seq = 12',
        seq: 12,
        rule: 'numbers-without-gap',
      },
      {
        what: 'a removed entry whose followers were renumbered',
        sql: `update audit_entries set
        bytes = (select bytes from audit_entries o where o.seq = audit_entries.seq + 1),
        leaf_hash = (select leaf_hash from audit_entries o where o.seq = audit_entries.seq + 1),
        chain_hash = (select chain_hash from audit_entries o where o.seq = audit_entries.seq + 1) where seq = 19`,
        seq: 19,
        rule: 'number-in-the-entry',
      },
      {
        what: 'reordered entries',
        sql: 'update audit_entries set seq = case seq when 5 then -6 when 6 then -5 else seq end where seq in (5, 6)',
        seq: 5,
        rule: 'numbers-without-gap',
      },
      {
        what: 'a forged chain hash',
        sql: `update audit_entries set chain_hash = zeroblob(32) where seq = 3`,
        seq: 3,
        rule: 'chain-hash-matches',
      },
    ];
  for (const { what, sql, seq, rule } of edits) {
    it(`${what} is found and named, even when somebody with the file made it`, async () => {
      const file = await filledFile();
      await tamper(file, sql);
      const store = await opened({ file });
      assert.deepEqual(await verifyChain(pages(store)), { ok: false, error: { seq, rule } });
    });
  }

  it('a log cut short does not end where its head says', async () => {
    const file = await filledFile();
    await tamper(file, 'delete from audit_entries where seq > 15');
    const store = await opened({ file });
    const head = unwrap(await store.read((reads) => reads.auditHead()));
    assert.deepEqual(await verifyChain(pages(store), { checkpoints: [head] }), {
      ok: false,
      error: { seq: 16, rule: 'entries-up-to-checkpoint' },
    });
  });
});
