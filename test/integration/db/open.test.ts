import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreUnavailable } from '../../../src/db/failures.js';
import { MIGRATIONS } from '../../../src/db/migrations/list.js';
import { type OpenOptions, openStore } from '../../../src/db/open.js';
import { connectSqlite } from '../../../src/db/sqlite.js';
import { createWriter } from '../../../src/db/writer.js';
import {
  certify,
  cleanUp,
  event,
  idOf,
  intent,
  NOW,
  opened,
  rawDatabase,
  tamper,
  temporaryFolder,
  unwrap,
} from '../../support/db-fixture.js';

function fresh(): string {
  return join(temporaryFolder(), 'pfcng.sqlite');
}

function open(file: string, options: Partial<OpenOptions> = {}) {
  return openStore({ file, environmentMark: 'development', clock: () => NOW, ...options });
}

describe('opening the database', () => {
  afterEach(cleanUp);

  it('a second opening finds what the first one left, applies nothing twice, and is quick', async () => {
    const file = fresh();
    const first = unwrap(await open(file));
    unwrap(await first.transaction((tx) => certify(tx, intent(1))));
    await first.close();
    const started = performance.now();
    const second = await opened({ file });
    assert.ok(performance.now() - started < 150);
    assert.equal(unwrap(await second.read((reads) => reads.certificateById(idOf(1))))?.state.status, 'issued');
    const raw = await rawDatabase(file);
    const applied = await raw.all('select name from schema_migrations order by id');
    await raw.close();
    assert.deepEqual(
      applied,
      MIGRATIONS.map(({ name }) => ({ name })),
    );
  });

  it('several services that start at once on an empty file all come up', async () => {
    const file = fresh();
    const stores = await Promise.all(Array.from({ length: 4 }, () => opened({ file })));
    const written = await Promise.all(
      stores.map((store, at) => store.transaction((tx) => tx.insertIntents([intent(at)]))),
    );
    assert.ok(written.every(({ ok }) => ok));
  });

  it('the file is its owner’s alone, syncs every commit, and holds its foreign keys', async () => {
    const file = fresh();
    const store = await opened({ file });
    unwrap(await store.transaction((tx) => certify(tx, intent(1))));
    for (const one of [file, `${file}-wal`]) assert.equal(statSync(one).mode & 0o077, 0, one);
    const raw = await rawDatabase(file);
    assert.deepEqual(await raw.all('pragma journal_mode'), [{ journal_mode: 'wal' }]);
    assert.deepEqual(await raw.all('pragma integrity_check'), [{ integrity_check: 'ok' }]);
    await raw.close();
  });

  it('another environment’s database is refused and not touched', async () => {
    const file = fresh();
    await unwrap(await open(file, { environmentMark: 'production' })).close();
    const before = readFileSync(file);
    const refused = await open(file);
    assert.deepEqual(refused, {
      ok: false,
      error: {
        kind: 'environment-mismatch',
        expected: 'development',
        found: 'production',
        detail: 'the database is marked "production", this environment "development"',
      },
    });
    assert.deepEqual(readFileSync(file), before);
    await unwrap(await open(file, { environmentMark: 'production' })).close();
  });

  it('a schema that a later version made is refused, and so is somebody else’s database', async () => {
    const file = fresh();
    await unwrap(await open(file)).close();
    await tamper(file, `insert into schema_migrations (name, batch) values ('9999-later', 2)`);
    const newer = await open(file);
    assert.ok(!newer.ok && newer.error.kind === 'schema-too-new');
    assert.deepEqual(newer.error.unknown, ['9999-later']);
    const foreign = fresh();
    await tamper(foreign, 'create table recipes (name text)');
    const other = await open(foreign);
    assert.ok(!other.ok && other.error.kind === 'schema-too-new');
  });

  it('what is no database, or has no folder, is database-unavailable with a reason', async () => {
    const file = fresh();
    writeFileSync(file, 'x'.repeat(5_000));
    for (const [path, why] of [
      [file, /not a database/],
      [join(temporaryFolder(), 'missing', 'pfcng.sqlite'), /cannot be made \(ENOENT\)/],
      [temporaryFolder(), /cannot be made \(EISDIR\)/],
    ] as const) {
      const refused = await open(path);
      assert.ok(!refused.ok && refused.error.kind === 'database-unavailable', path);
      assert.match(refused.error.detail, why);
    }
  });

  it('a full disk is database-unavailable: the transaction left nothing, reads go on, writes too once there is room', async () => {
    const file = fresh();
    const store = unwrap(await open(file, { limits: { fileBytesMax: 600_000 } }));
    unwrap(await store.transaction((tx) => certify(tx, intent(1))));
    const big = (number: number) => intent(number, { tbs: new Uint8Array(600_000) });
    const full = await store.transaction(async (tx) => {
      await tx.appendAudit([event()]);
      await tx.insertIntents([big(2)]);
    });
    assert.ok(!full.ok);
    assert.match(full.error.detail, /disk is full \(SQLITE_FULL\)/);
    const swallowed = await store.transaction(async (tx) => {
      await tx.appendAudit([event()]);
      await tx.insertIntents([big(3)]).catch(() => {});
    });
    assert.ok(!swallowed.ok, 'work that hides the failure commits nothing');
    const seen = await store.read(async (reads) => [
      (await reads.certificateById(idOf(1)))?.state.status,
      await reads.certificateById(idOf(2)),
      (await reads.auditHead()).seq,
    ]);
    assert.deepEqual(unwrap(seen), ['issued', null, 0]);
    unwrap(await store.transaction((tx) => tx.insertIntents([intent(4)])));
    await store.close();
    const roomier = await opened({ file });
    unwrap(await roomier.transaction((tx) => tx.insertIntents([big(2)])));
  });

  it('a database that may not be written is database-unavailable for writers, and rolls back', async () => {
    const file = fresh();
    await opened({ file });
    const options = { file, waitMsMax: 100, connectionsMax: 1, fileBytesMax: 1e9, mode: 'read' } as const;
    const writer = createWriter(connectSqlite(options), { waitMsMax: 100, waitingMax: 1, transactionMsMax: 1_000 });
    for (let turn = 0; turn < 2; turn += 1) {
      await assert.rejects(
        writer.transact(({ db, rows }) => rows(db('meta').insert({ key: 'k', value: 'v' }))),
        (error) => error instanceof StoreUnavailable && /cannot be written \(SQLITE_READONLY\)/.test(error.message),
      );
    }
    await writer.close();
  });

  it('a writer of another process that keeps the lock is waited for, but not for ever', async () => {
    const file = fresh();
    const store = await opened({ file, limits: { waitMsMax: 100 } });
    const raw = await rawDatabase(file);
    await raw.all('begin immediate');
    const refused = await store.transaction((tx) => tx.insertIntents([intent(1)]));
    assert.ok(!refused.ok);
    assert.match(refused.error.detail, /another process holds the write lock/);
    await raw.all('commit');
    await raw.close();
    unwrap(await store.transaction((tx) => tx.insertIntents([intent(1)])));
  });

  it('a damaged file is database-unavailable, not a crash', async () => {
    const file = fresh();
    const store = unwrap(await open(file));
    for (let at = 0; at < 40; at += 1) unwrap(await store.transaction((tx) => certify(tx, intent(at))));
    await store.close();
    const content = readFileSync(file);
    content.fill(0xa5, 4_096 * 5);
    writeFileSync(file, content);
    const damaged = await open(file);
    if (damaged.ok) {
      const outcome = await damaged.value.transaction((tx) => certify(tx, intent(99)));
      await damaged.value.close();
      assert.ok(!outcome.ok && /damaged/.test(outcome.error.detail));
    } else assert.equal(damaged.error.kind, 'database-unavailable');
  });
});
