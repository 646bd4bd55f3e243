import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  type DatabaseOptions,
  openInspection,
  openReader,
  openStore,
  type StoreOptions,
} from '../../../src/db/open.js';
import { DATABASE_ID_MARK } from '../../../src/ports/store/marks.js';
import { describeOnEach, NEW_ID, unwrap } from '../../support/db/fixture.js';
import { rawDatabase, tamper } from '../../support/db/raw.js';
import { AUDIT_ORIGIN, certify, idOf, intent, NOW } from '../../support/db/records.js';
import { insertIntents } from '../../support/db/unaudited.js';

function open(database: DatabaseOptions, options: Partial<StoreOptions> = {}) {
  return openStore({
    database,
    environmentMark: 'development',
    auditOrigin: AUDIT_ORIGIN,
    clock: () => NOW,
    newId: NEW_ID,
    ...options,
  });
}

/** The rows of all of our tables. */
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

describeOnEach('opening the database', ({ empty, opened }) => {
  it('a second opening finds what the first one left, and applies nothing twice', async () => {
    const database = await empty();
    const first = unwrap(await open(database));
    unwrap(await first.transaction((tx) => certify(tx, intent(1))));
    await first.close();
    const second = await opened({ database });
    assert.equal(unwrap(await second.read((reads) => reads.certificateById(idOf(1))))?.state.status, 'issued');
  });

  it('a database that is missing or empty is refused, and nothing is created', async () => {
    const database = await empty();
    const options = { database, environmentMark: 'development', auditOrigin: AUDIT_ORIGIN, clock: () => NOW };
    for (const opening of [openStore, openReader, openInspection]) {
      const refused = await opening(options);
      assert.ok(!refused.ok && refused.error.kind === 'no-database', JSON.stringify(refused));
    }
    if (database.kind === 'sqlite') assert.equal(existsSync(database.file), false);
    else assert.deepEqual(await contents(database), []);
  });

  it('an inspection creates no file next to the database', async () => {
    const database = await empty();
    await unwrap(await open(database)).close();
    const inspection = unwrap(await openInspection({ database, environmentMark: 'development', clock: () => NOW }));
    assert.equal(unwrap(await inspection.read((reads) => reads.mark(DATABASE_ID_MARK))), NEW_ID);
    if (database.kind === 'sqlite') assert.deepEqual(readdirSync(dirname(database.file)), ['pfcng.sqlite']);
    await inspection.close();
  });

  it('several services that start at once on an empty database all come up', async () => {
    const database = await empty();
    const stores = await Promise.all(Array.from({ length: 4 }, () => opened({ database })));
    const written = await Promise.all(
      stores.map((store, at) => store.transaction((tx) => insertIntents(tx, [intent(at)]))),
    );
    assert.ok(written.every(({ ok }) => ok));
  });

  it('a database of another environment is refused and not changed', async () => {
    const database = await empty();
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

  it('a database of another program is refused', async () => {
    const foreign = await empty();
    await tamper(foreign, 'create table recipes (name text)');
    for (const opening of [openStore, openReader, openInspection]) {
      const refused = await opening({
        database: foreign,
        environmentMark: 'development',
        auditOrigin: AUDIT_ORIGIN,
        clock: () => NOW,
      });
      assert.ok(!refused.ok && refused.error.kind === 'schema-foreign', JSON.stringify(refused));
    }
  });
});
