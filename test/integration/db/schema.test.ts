/**
 * Levels of the schema: what a later version changes while programs of this version still run, and
 * when it may no longer be used. Without these tests, a rolling upgrade would stop the older nodes.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Engine } from '../../../src/db/engine/engine.js';
import { StoreUnavailable } from '../../../src/db/engine/failures.js';
import { openPostgresql } from '../../../src/db/engine/postgresql.js';
import { openSqlite } from '../../../src/db/engine/sqlite.js';
import { type DatabaseOptions, openInspection, openReader, openStore } from '../../../src/db/open.js';
import { checkSchema, readSchema, type SchemaState } from '../../../src/db/schema/inspect.js';
import type { SchemaLevel, SchemaStep } from '../../../src/db/schema/levels.js';
import { type MigrationOptions, migrateSchema } from '../../../src/db/schema/migrate.js';
import { describeOnEach, NEW_ID, unwrap } from '../../support/db/fixture.js';
import { rawDatabase, tamper } from '../../support/db/raw.js';
import { AUDIT_ORIGIN, certify, idOf, intent, NOW } from '../../support/db/records.js';
import { runFacts, runOf, withRun } from '../../support/db/runs.js';
import { storedAudit } from '../../support/db/stored-audit.js';

const LIMITS = {
  waitMsMax: 5_000,
  waitingMax: 10,
  groupItemsMax: 10,
  transactionMsMax: 15_000,
  writerIdleMsMax: 2_000,
  readMsMax: 30_000,
  readsMax: 10,
  readConnectionsMax: 1,
  snapshotsMax: 1,
  fileBytesMax: 1024 ** 3,
};

const AT = { at: NOW, clockOffsetMs: 0 };
const OPEN_OPTIONS = { environmentMark: 'development', auditOrigin: AUDIT_ORIGIN, clock: () => NOW };

function engineOf(database: DatabaseOptions): Engine {
  return database.kind === 'sqlite'
    ? openSqlite(database.file, LIMITS, { access: 'create' })
    : openPostgresql(database, LIMITS);
}

async function withEngine<Value>(database: DatabaseOptions, work: (engine: Engine) => Promise<Value>): Promise<Value> {
  const engine = engineOf(database);
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

/** As a program with these later levels would migrate it. */
function migrate(database: DatabaseOptions, levels: readonly SchemaLevel[], wanted: Partial<MigrationOptions> = {}) {
  return withEngine(database, ({ schema }) =>
    migrateSchema(schema, { ...OPEN_OPTIONS, contract: false, ...wanted }, levels),
  );
}

function stateOf(database: DatabaseOptions): Promise<SchemaState | null> {
  return withEngine(database, async ({ schema }) =>
    unwrap(await readSchema(schema.db, { ...schema, environmentMark: 'development' })),
  );
}

const statement = (sql: string): SchemaStep => ({
  kind: 'transaction',
  run: async (trx: Knex) => void (await trx.raw(sql)),
});
const FAILING: SchemaStep = { kind: 'transaction', run: () => Promise.reject(new Error('interrupted')) };
const ADDED: SchemaLevel = { kind: 'expand', steps: [statement('alter table accounts add column note text')] };
const INDEXED: SchemaLevel = {
  kind: 'expand',
  steps: [{ kind: 'index', name: 'certificates_profile_tried', on: 'certificates (profile)' }],
};
const ENDED: SchemaLevel = { kind: 'contract', steps: [statement('drop table blocked_keys')] };

describeOnEach('levels of the schema', ({ kind, empty, opened }) => {
  const created = async (): Promise<DatabaseOptions> => {
    const database = await empty();
    const store = await opened({ database });
    unwrap(await store.transaction((tx) => certify(tx, intent(1))));
    return database;
  };
  const open = (database: DatabaseOptions) => openStore({ ...OPEN_OPTIONS, database });

  it('a program starts on a database of a later level, until that level ends its use', async () => {
    const database = await created();
    assert.deepEqual(unwrap(await migrate(database, [ADDED, INDEXED, ENDED])), { from: 1, to: 3 });
    const store = unwrap(await open(database));
    assert.equal(unwrap(await store.read((reads) => reads.certificateById(idOf(1))))?.state.status, 'issued');
    await store.close();

    assert.deepEqual(unwrap(await migrate(database, [ADDED, INDEXED, ENDED], { contract: true })), { from: 3, to: 4 });
    for (const opening of [openStore, openReader, openInspection]) {
      const refused = await opening({ ...OPEN_OPTIONS, database });
      assert.ok(!refused.ok && refused.error.kind === 'schema-too-new', JSON.stringify(refused));
      assert.match(refused.error.detail, /schema level 4 or later, and this one has level 1/);
    }
    const older = await migrate(database, [ADDED, INDEXED]);
    assert.ok(!older.ok && older.error.kind === 'schema-too-new');
  });

  it('a program needs each level that adds something, and none that ends the use of older programs', async () => {
    const database = await created();
    unwrap(checkSchema(await stateOf(database), [ENDED]));
    const refused = checkSchema(await stateOf(database), [ADDED, ENDED]);
    assert.ok(!refused.ok && refused.error.kind === 'schema-behind');
    assert.match(refused.error.detail, /level 1, and this version needs level 2: pfcng database migrate/);
  });

  it('no opening uses a schema that is behind, or migrates it', async () => {
    const database = await created();
    await tamper(database, `update meta set value = '0' where key = 'schema_level'`);
    for (const opening of [openStore, openReader, openInspection]) {
      const refused = await opening({ ...OPEN_OPTIONS, database });
      assert.ok(!refused.ok && refused.error.kind === 'schema-behind', JSON.stringify(refused));
    }
    assert.deepEqual(await stateOf(database), { level: 0, levelMin: 1, stepsDone: 0 });
  });

  it('a level that needs an earlier contract level says so', async () => {
    const database = await created();
    const refused = await migrate(database, [ENDED, ADDED]);
    assert.ok(!refused.ok && refused.error.kind === 'schema-behind');
    assert.match(refused.error.detail, /level 2 ends the use of older programs.*--contract/);
    assert.deepEqual(unwrap(await migrate(database, [ENDED, ADDED], { contract: true })), { from: 1, to: 3 });
  });

  it('an older program that still runs prevents a contract level, as long as it writes heartbeats', async () => {
    const database = await created();
    const store = await withRun(await opened({ database }));
    const contract = (clock: () => number) => migrate(database, [ENDED], { contract: true, clock });
    const refused = await contract(() => NOW + 14_000);
    assert.ok(!refused.ok && refused.error.kind === 'schema-in-use', JSON.stringify(refused));
    assert.match(refused.error.detail, /level 2 ends the use of older programs.*: here \(version 0\.1\.0\)/);
    unwrap(await store.transaction((tx) => tx.insertRun(runFacts({ run: runOf(1), schemaLevel: 2 }), AT)));
    assert.deepEqual(unwrap(await contract(() => NOW + 15_001)), { from: 1, to: 2 });
  });

  it('each level is recorded in the audit log once, also if the migration then fails', async () => {
    const database = await created();
    await assert.rejects(migrate(database, [ADDED, { kind: 'expand', steps: [FAILING] }]), /interrupted/);
    assert.deepEqual(unwrap(await migrate(database, [ADDED])), { from: 2, to: 2 });
    const entries = await storedAudit(await opened({ database }));
    assert.deepEqual(
      entries.filter(({ type }) => type === 'schema.migrated').map(({ details }) => details),
      [{ from: 1, to: 2 }],
    );
  });

  it('a new database gets all levels', async () => {
    const database = await empty();
    const made = await migrate(database, [ADDED, INDEXED, ENDED], { newId: NEW_ID, contract: true });
    assert.deepEqual(unwrap(made), { from: null, to: 4 });
    assert.deepEqual(await stateOf(database), { level: 4, levelMin: 4, stepsDone: 0 });
  });

  it('an interrupted migration continues with the step that was not completed', async () => {
    const database = await created();
    const level = (second: SchemaStep): SchemaLevel => ({ kind: 'expand', steps: [...ADDED.steps, second] });
    await assert.rejects(migrate(database, [level(FAILING)]), /interrupted/);
    assert.deepEqual(await stateOf(database), { level: 1, levelMin: 1, stepsDone: 1 });
    const repaired = statement('alter table accounts add column phone text');
    assert.deepEqual(unwrap(await migrate(database, [level(repaired)])), { from: 1, to: 2 });
  });

  it('several processes that migrate at once apply each step once', async () => {
    const database = await created();
    const levels = [ADDED, INDEXED];
    const results = await Promise.all(Array.from({ length: 4 }, () => migrate(database, levels)));
    assert.deepEqual(new Set(results.map((result) => unwrap(result).to)), new Set([3]));
  });

  if (kind === 'sqlite') return;

  it('a step that holds the write lock for more than two seconds is rolled back', async () => {
    const database = await created();
    const slow: SchemaStep = {
      kind: 'transaction',
      run: async (trx) => {
        await trx.raw('alter table accounts add column note text');
        for (let waits = 0; waits < 40; waits += 1) await trx.raw('select pg_sleep(1)');
      },
    };
    const migrating = migrate(database, [{ kind: 'expand', steps: [slow] }]);
    await assert.rejects(migrating, StoreUnavailable);
    assert.deepEqual(await stateOf(database), { level: 1, levelMin: 1, stepsDone: 0 });
    assert.deepEqual(unwrap(await migrate(database, [ADDED])), { from: 1, to: 2 });
  });

  it('writers go on while an index is built, however long that takes', async () => {
    const database = await created();
    const reader = await rawDatabase(database);
    await reader.all('begin isolation level repeatable read');
    await reader.all('select count(*) from certificates');
    // The build waits for the end of this snapshot.
    const migrating = migrate(database, [INDEXED]);
    // In a transaction, what the server says of its activity does not change.
    const watcher = await rawDatabase(database);
    const isBuilding = async () =>
      (await watcher.all(`select 1 from pg_stat_activity where query like 'create index concurrently%'`)).length > 0;
    while (!(await isBuilding())) await sleep(50);
    await watcher.close();
    const store = await opened({ database });
    unwrap(await store.transaction((tx) => certify(tx, intent(2))));
    await reader.all('commit');
    await reader.close();
    assert.deepEqual(unwrap(await migrating), { from: 1, to: 2 });
  });

  it('an index whose build did not end is built again', async () => {
    const database = await created();
    const store = await opened({ database });
    unwrap(await store.transaction((tx) => certify(tx, intent(2))));
    const raw = await rawDatabase(database);
    await assert.rejects(
      raw.all('create unique index concurrently certificates_profile_tried on certificates (profile)'),
      /could not create unique index/,
    );
    unwrap(await migrate(database, [INDEXED]));
    const [index] = await raw.all(
      `select indisvalid, indisunique from pg_index where indexrelid = 'certificates_profile_tried'::regclass`,
    );
    await raw.close();
    assert.deepEqual(index, { indisvalid: true, indisunique: false });
  });
});
