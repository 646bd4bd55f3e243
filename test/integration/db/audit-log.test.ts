import assert from 'node:assert/strict';
import { verifyChain } from '../../../src/audit/chain.js';
import { type AuditEntry, makeEntry } from '../../../src/audit/entry.js';
import type { AuditEvent } from '../../../src/audit/events.js';
import { everyTag } from '../../../src/audit/tags.js';
import { type DatabaseOptions, openStore } from '../../../src/db/open.js';
import type { AuditFilter } from '../../../src/ports/store/audit.js';
import type { Page } from '../../../src/ports/store/certificates.js';
import type { Store } from '../../../src/ports/store.js';
import { type DatabaseUnderTest, describeOnEach, unwrap } from '../../support/db/fixture.js';
import { tamper } from '../../support/db/raw.js';
import { AUDIT_ORIGIN, event, idOf, intent, intentEventOf, NOW } from '../../support/db/records.js';

async function* pages(store: Store): AsyncGenerator<AuditEntry> {
  for (let from = 1; ; from += 7) {
    const page = unwrap(await store.read((reads) => reads.auditEntries({ from, limit: 7 })));
    yield* page;
    if (page.length < 7) return;
  }
}

async function filled({ fresh, opened }: DatabaseUnderTest): Promise<DatabaseOptions> {
  const database = await fresh();
  const store = await opened({ database });
  for (let at = 0; at < 5; at += 1) {
    unwrap(await store.transaction((tx) => tx.appendAudit([1, 2, 3, 4].map((n) => event(10 * at + n)))));
  }
  await store.close();
  return database;
}

function denied(id: string): AuditEvent<'access.denied'> {
  return { ...event(), type: 'access.denied', details: { id, code: 'not-permitted' } };
}

describeOnEach('the audit log in the database', (database) => {
  const { opened } = database;
  const inSql = (sqlite: string, postgresql: string) => (database.kind === 'sqlite' ? sqlite : postgresql);

  it('entries come back numbered without gaps, in canonical bytes, chained', async () => {
    const store = await opened();
    const numbers = await store.transaction(async (tx) => [
      await tx.appendAudit([event(1)]),
      await tx.appendAudit([]),
      await tx.appendAudit([event(2)]),
    ]);
    assert.deepEqual(unwrap(numbers), [[1], [], [2]]);
    unwrap(await store.transaction((tx) => tx.appendAudit([])));
    const read = unwrap(await store.read((reads) => reads.auditEntries({ from: 1, limit: 10 })));
    assert.deepEqual(
      read.map(({ seq, bytes }) => [seq, bytes]),
      [
        [1, makeEntry(1, event(1), AUDIT_ORIGIN).bytes],
        [2, makeEntry(2, event(2), AUDIT_ORIGIN).bytes],
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
    const events = Array.from({ length: 1_001 }, (_, at) => event(at));
    unwrap(await store.transaction((tx) => tx.appendAudit(events)));
    const verdict = await verifyChain(pages(store));
    assert.ok(verdict.ok && verdict.value.count === 1_001);
  });

  const edits: readonly { readonly what: string; readonly sql: string; readonly seq: number; readonly rule: string }[] =
    [
      {
        what: 'an altered entry',
        sql: inSql(
          `update audit_entries set bytes = cast(replace(cast(bytes as text), 'success', 'failure') as blob) where seq = 9`,
          `update audit_entries set
            bytes = convert_to(replace(convert_from(bytes, 'UTF8'), 'success', 'failure'), 'UTF8') where seq = 9`,
        ),
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
        sql: inSql(
          'update audit_entries set chain_hash = zeroblob(32) where seq = 3',
          `update audit_entries set chain_hash = decode(repeat('00', 32), 'hex') where seq = 3`,
        ),
        seq: 3,
        rule: 'chain-hash-matches',
      },
    ];
  for (const { what, sql, seq, rule } of edits) {
    it(`${what} is found and named, even when the database’s owner made it`, async () => {
      const place = await filled(database);
      await tamper(place, sql);
      const store = await opened({ database: place });
      assert.deepEqual(await verifyChain(pages(store)), { ok: false, error: { seq, rule } });
    });
  }

  it('a search returns the newest first, and its pages neither skip nor repeat entries', async () => {
    const store = await opened();
    const events = Array.from({ length: 30 }, (_, at) => ({
      ...(at % 3 === 0 ? denied(idOf(at % 5)) : event(at % 5)),
      // Several entries have the same time, and one is older than the entries before it.
      at: NOW + (at === 20 ? -1 : Math.floor(at / 4)),
      requestId: `r-${at % 7}`,
    }));
    for (const one of events) unwrap(await store.transaction((tx) => tx.appendAudit([one])));
    const find = async (filter: Omit<AuditFilter, 'limit'>): Promise<readonly number[]> => {
      const found: AuditEntry[] = [];
      let cursor: string | null = null;
      do {
        const asked = { ...filter, limit: 4, ...(cursor === null ? {} : { cursor }) };
        const page: Page<AuditEntry> = unwrap(unwrap(await store.read((reads) => reads.searchAudit(asked))));
        found.push(...page.items);
        cursor = page.next;
      } while (cursor !== null);
      return found.map(({ seq }) => seq - 1);
    };
    const wanted = (holds: (one: (typeof events)[number], at: number) => boolean): readonly number[] =>
      events
        .flatMap((one, at) => (holds(one, at) ? [{ at, time: one.at }] : []))
        .sort((one, other) => other.time - one.time || other.at - one.at)
        .map(({ at }) => at);
    assert.deepEqual(
      await find({}),
      wanted(() => true),
    );
    assert.deepEqual(
      await find({ since: NOW + 2 }),
      wanted((one) => one.at >= NOW + 2),
    );
    assert.deepEqual(
      await find({ until: NOW + 2 }),
      wanted((one) => one.at <= NOW + 2),
    );
    assert.deepEqual(
      await find({ type: 'access.denied' }),
      wanted((one) => one.type === 'access.denied'),
    );
    assert.deepEqual(
      await find({ actor: 'account:card-management' }),
      wanted(() => true),
    );
    assert.deepEqual(
      await find({ outcome: 'failure' }),
      wanted((one) => one.type === 'access.denied'),
    );
    assert.deepEqual(
      await find({ id: 'r-3' }),
      wanted((_, at) => at % 7 === 3),
    );
    assert.deepEqual(
      await find({ id: idOf(3), type: 'certificate.issued' }),
      wanted((one, at) => at % 5 === 3 && one.type === 'certificate.issued'),
    );
    const forged = unwrap(await store.read((reads) => reads.searchAudit({ limit: 4, cursor: 'MTox' })));
    assert.deepEqual(forged, { ok: false, error: { kind: 'cursor-malformed' } });
  });

  it('a search by the tags of a holder or of a card finds the entries about them, and no others', async () => {
    const store = await opened();
    const holders = ['810002813839', '899700000019', '810002813839'];
    const events = holders.map((holderId, at) => intentEventOf(intent(at, { holderId, cardTokenId: `card-${at}` })));
    unwrap(await store.transaction((tx) => tx.appendAudit([...events, event(7)])));
    const find = async (filter: Omit<AuditFilter, 'limit'>): Promise<readonly number[]> =>
      unwrap(unwrap(await store.read((reads) => reads.searchAudit({ ...filter, limit: 10 })))).items.map(
        ({ seq }) => seq,
      );
    const { tagKeys } = AUDIT_ORIGIN;
    const holderTags = everyTag(tagKeys, 'holder', '810002813839');
    assert.deepEqual(await find({ holderTags }), [3, 1]);
    assert.deepEqual(await find({ cardTags: everyTag(tagKeys, 'card', 'card-1') }), [2]);
    assert.deepEqual(await find({ holderTags, cardTags: everyTag(tagKeys, 'card', 'card-2') }), [3]);
    assert.deepEqual(await find({ cardTags: holderTags }), []);
    assert.ok((await verifyChain(pages(store))).ok);
  });

  it('a node with another key for the tags of a year does not open the database', async () => {
    const place = await filled(database);
    const keyed = (...years: readonly (readonly [string, number])[]) => ({
      ...AUDIT_ORIGIN,
      tagKeys: new Map(years.map(([year, fill]) => [year, new Uint8Array(32).fill(fill)])),
    });
    const open = (auditOrigin: typeof AUDIT_ORIGIN) =>
      openStore({ database: place, environmentMark: 'development', clock: () => NOW, auditOrigin });
    await unwrap(await open(keyed(['2026', 1], ['2027', 2]))).close();
    await unwrap(await open(keyed(['2027', 2]))).close();
    const refused = await open(keyed(['2026', 1], ['2027', 3], ['2028', 4]));
    assert.ok(!refused.ok && refused.error.kind === 'tag-key-differs', JSON.stringify(refused));
    assert.match(refused.error.detail, /the key of tags of 2027 is another one/);
    await unwrap(await open(keyed(['2028', 5]))).close();
  });

  it('a log cut short does not end where its head says', async () => {
    const place = await filled(database);
    await tamper(place, 'delete from audit_entries where seq > 15');
    const store = await opened({ database: place });
    const head = unwrap(await store.read((reads) => reads.auditHead()));
    assert.deepEqual(await verifyChain(pages(store), { checkpoints: [head] }), {
      ok: false,
      error: { seq: 16, rule: 'entries-up-to-checkpoint' },
    });
  });
});
