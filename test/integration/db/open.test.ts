import assert from 'node:assert/strict';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DatabaseOptions,
  openInspection,
  openReader,
  openStore,
  type StoreOptions,
} from '../../../src/db/open.js';
import { AssertionFailed } from '../../../src/kernel/assert.js';
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

/** The number of connections that this process has, or whoever else uses the database. */
async function connectionsTo(database: DatabaseOptions): Promise<number> {
  if (database.kind === 'sqlite') {
    const open = readdirSync('/proc/self/fd').map((name) => join('/proc/self/fd', name));
    return open.filter((name) => existsSync(name) && readlinkSync(name) === database.file).length;
  }
  const raw = await rawDatabase(database);
  const others = 'from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
  const [found] = await raw.all(`select count(*) as number ${others}`);
  await raw.close();
  return Number(found?.number);
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

  it('a database whose tables are not those of this program leaves no connection open', async () => {
    const database = await empty();
    await unwrap(await open(database)).close();
    await tamper(database, 'alter table meta rename column value to content');
    for (const opening of [openStore, openReader, openInspection])
      await assert.rejects(
        opening({ database, environmentMark: 'development', auditOrigin: AUDIT_ORIGIN, clock: () => NOW }),
        AssertionFailed,
      );
    // The server takes a moment to notice that a connection is gone.
    for (let time = 0; time < 100 && (await connectionsTo(database)) > 0; time += 1) await sleep(20);
    assert.equal(await connectionsTo(database), 0);
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
