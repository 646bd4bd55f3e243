import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { openPostgresql } from '../../../src/db/engine/postgresql.js';
import { openSqlite } from '../../../src/db/engine/sqlite.js';
import { prepareSchema } from '../../../src/db/migrate.js';
import { MIGRATIONS } from '../../../src/db/migrations/list.js';
import {
  type DatabaseOptions,
  openInspection,
  openReader,
  openStore,
  type StoreOptions,
} from '../../../src/db/open.js';
import { certificateColumns } from '../../../src/db/tables/certificate-row.js';
import { generationOf } from '../../../src/db/tables/issuers.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import { DATABASE_ID_MARK } from '../../../src/ports/store/marks.js';
import { describeOnEach, NEW_ID, unwrap } from '../../support/db/fixture.js';
import { rawDatabase, tamper } from '../../support/db/raw.js';
import { certify, idOf, intent, NOW } from '../../support/db/records.js';

function open(database: DatabaseOptions, options: Partial<StoreOptions> = {}) {
  return openStore({ database, environmentMark: 'development', clock: () => NOW, newId: NEW_ID, ...options });
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

const LIMITS = {
  waitMsMax: 5_000,
  waitingMax: 10,
  groupItemsMax: 10,
  transactionMsMax: 15_000,
  readMsMax: 30_000,
  readsMax: 10,
  readConnectionsMax: 1,
  snapshotsMax: 1,
  fileBytesMax: 1024 ** 3,
};

const WANTED = { environmentMark: 'development', newId: NEW_ID } as const;

/** Makes a database without the last migration, with one open intent in it. */
async function makeEarlierVersion(database: DatabaseOptions, record: CertificateRecord): Promise<void> {
  const engine =
    database.kind === 'sqlite'
      ? openSqlite(database.file, LIMITS, { access: 'create' })
      : openPostgresql(database, LIMITS);
  unwrap(await engine.check('development'));
  unwrap(await prepareSchema(engine.schema, WANTED, MIGRATIONS.slice(0, -1)));
  const { db } = engine.schema;
  await db('issuers').insert({ issuer: record.issuer, ...generationOf(record.issuer) });
  await db('certificates').insert(certificateColumns(record));
  await engine.close();
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

  it('a database that is missing or empty is refused, and nothing is created', async () => {
    const database = await fresh();
    const options = { database, environmentMark: 'development', clock: () => NOW };
    for (const opening of [openStore, openReader, openInspection]) {
      const refused = await opening(options);
      assert.ok(!refused.ok && refused.error.kind === 'no-database', JSON.stringify(refused));
    }
    if (database.kind === 'sqlite') assert.equal(existsSync(database.file), false);
    else assert.deepEqual(await contents(database), []);
  });

  it('an inspection creates no file next to the database', async () => {
    const database = await fresh();
    await unwrap(await open(database)).close();
    const inspection = unwrap(await openInspection({ database, environmentMark: 'development', clock: () => NOW }));
    assert.equal(unwrap(await inspection.read((reads) => reads.mark(DATABASE_ID_MARK))), NEW_ID);
    if (database.kind === 'sqlite') assert.deepEqual(readdirSync(dirname(database.file)), ['pfcng.sqlite']);
    await inspection.close();
  });

  it('a migration has no statement timeout, because a large database takes longer', async () => {
    const database = await fresh();
    const short = { ...LIMITS, transactionMsMax: 100 };
    const engine =
      database.kind === 'sqlite'
        ? openSqlite(database.file, short, { access: 'create' })
        : openPostgresql(database, short);
    const [first, ...others] = MIGRATIONS;
    assert.ok(first !== undefined);
    const slow = async (...[db, ...more]: Parameters<typeof first.up>): Promise<void> => {
      await first.up(db, ...more);
      await db.raw(database.kind === 'sqlite' ? 'select 1' : 'select pg_sleep(0.3)');
    };
    unwrap(await prepareSchema(engine.schema, WANTED, [{ ...first, up: slow }, ...others]));
    await engine.close();
  });

  it('a database of an earlier version is migrated with its content', async () => {
    const database = await fresh();
    await makeEarlierVersion(database, intent(1));
    const later = await opened({ database });
    assert.equal(unwrap(await later.read((reads) => reads.certificateById(idOf(1))))?.state.status, 'open');
    assert.deepEqual(unwrap(await later.read((reads) => reads.runningMassRevocations())), []);
  });

  it('several services that start at once on an empty database all come up', async () => {
    const database = await fresh();
    const stores = await Promise.all(Array.from({ length: 4 }, () => opened({ database })));
    const written = await Promise.all(
      stores.map((store, at) => store.transaction((tx) => tx.insertIntents([intent(at)]))),
    );
    assert.ok(written.every(({ ok }) => ok));
  });

  it('a database of another environment is refused and not changed', async () => {
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

  it('the schema of a later version is refused, and so is a database of another program', async () => {
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
