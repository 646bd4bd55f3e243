import assert from 'node:assert/strict';
import { MIGRATIONS } from '../../../src/db/migrations/list.js';
import { type DatabaseOptions, type OpenOptions, openStore } from '../../../src/db/open.js';
import { describeOnEach, unwrap } from '../../support/db-fixture.js';
import { rawDatabase, tamper } from '../../support/db-raw.js';
import { certify, idOf, intent, NOW } from '../../support/db-records.js';

function open(database: DatabaseOptions, options: Partial<OpenOptions> = {}) {
  return openStore({ database, environmentMark: 'development', clock: () => NOW, ...options });
}

/** Of every table of ours, its rows. */
async function contents(database: DatabaseOptions): Promise<unknown> {
  const raw = await rawDatabase(database);
  const tables = await raw.all(
    database.kind === 'sqlite'
      ? `select name from sqlite_master where type = 'table' order by name`
      : `select tablename as name from pg_tables where schemaname = 'public' order by name`,
  );
  const rows: unknown[] = [];
  for (const { name } of tables) rows.push(name, await raw.all(`select * from ${String(name)} order by 1`));
  await raw.close();
  return rows;
}

describeOnEach('opening the database', ({ fresh, opened }) => {
  it('a second opening finds what the first one left, and applies nothing twice', async () => {
    const database = await fresh();
    const first = unwrap(await open(database));
    unwrap(await first.transaction((tx) => certify(tx, intent(1))));
    await first.close();
    const second = await opened({ database });
    assert.equal(unwrap(await second.read((reads) => reads.certificateById(idOf(1))))?.state.status, 'issued');
    const raw = await rawDatabase(database);
    const applied = await raw.all('select name from schema_migrations order by id');
    await raw.close();
    assert.deepEqual(
      applied,
      MIGRATIONS.map(({ name }) => ({ name })),
    );
  });

  it('a database of the first version is brought to this one with what is in it', async () => {
    const database = await fresh();
    const store = unwrap(await open(database));
    unwrap(await store.transaction((tx) => certify(tx, intent(1, { keyOrigin: null }))));
    await store.close();
    // What later migrations made goes away again.
    const raw = await rawDatabase(database);
    const on = database.kind === 'sqlite' ? '' : ' on certificates';
    for (const [guard, column] of Object.entries({ renewals: 'renews', key_origin: 'key_origin' })) {
      await raw.all(`drop trigger guard_${guard}_certificates${on}`);
      await raw.all(`alter table certificates drop column ${column}`);
    }
    for (const table of ['blocked_keys', 'mass_revocation_items', 'mass_revocations'])
      await raw.all(`drop table ${table}`);
    await raw.all(`delete from schema_migrations where name >= '0003'`);
    await raw.close();
    const later = await opened({ database });
    const found = unwrap(await later.read((reads) => reads.certificateById(idOf(1))));
    assert.deepEqual([found?.state.status, found?.keyOrigin, found?.renews], ['issued', null, null]);
    unwrap(await later.transaction((tx) => certify(tx, intent(2, { keyOrigin: 'module', renews: idOf(1) }))));
    const second = unwrap(await later.read((reads) => reads.certificateById(idOf(2))));
    assert.deepEqual([second?.keyOrigin, second?.renews], ['module', idOf(1)]);
    assert.deepEqual(unwrap(await later.read((reads) => reads.runningMassRevocations())), []);
    assert.deepEqual(unwrap(await later.read((reads) => reads.blockedKeys(['ab'.repeat(32)]))), []);
  });

  it('several services that start at once on an empty database all come up', async () => {
    const database = await fresh();
    const stores = await Promise.all(Array.from({ length: 4 }, () => opened({ database })));
    const written = await Promise.all(
      stores.map((store, at) => store.transaction((tx) => tx.insertIntents([intent(at)]))),
    );
    assert.ok(written.every(({ ok }) => ok));
  });

  it('another environment’s database is refused and not touched', async () => {
    const database = await fresh();
    await unwrap(await open(database, { environmentMark: 'production' })).close();
    const before = await contents(database);
    const refused = await open(database);
    assert.deepEqual(refused, {
      ok: false,
      error: {
        kind: 'environment-mismatch',
        expected: 'development',
        found: 'production',
        detail: 'the database is marked "production", this environment "development"',
      },
    });
    assert.deepEqual(await contents(database), before);
    await unwrap(await open(database, { environmentMark: 'production' })).close();
  });

  it('a schema that a later version made is refused, and so is somebody else’s database', async () => {
    const database = await fresh();
    await unwrap(await open(database)).close();
    await tamper(database, `insert into schema_migrations (name, batch) values ('9999-later', 2)`);
    const newer = await open(database);
    assert.ok(!newer.ok && newer.error.kind === 'schema-too-new');
    assert.deepEqual(newer.error.unknown, ['9999-later']);
    const foreign = await fresh();
    await tamper(foreign, 'create table recipes (name text)');
    const other = await open(foreign);
    assert.ok(!other.ok && other.error.kind === 'schema-too-new');
  });
});
