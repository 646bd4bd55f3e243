/**
 * What an interrupted restore has left in a PostgreSQL database whose tables are not in `public`.
 * Without this test the tables could stay although they were said to be removed.
 */
import assert from 'node:assert/strict';
import { dropRestored, inspectRestored, markRestored } from '../../../src/db/backup/restored-database.js';
import { cleanUp, emptyDatabase, opened } from '../../support/db/fixture.js';
import { type PostgresqlDatabase, sharedCluster } from '../../support/db/postgresql-cluster.js';

describe('a PostgreSQL database that a restore has made', () => {
  before(async function makeCluster() {
    await sharedCluster();
  });
  afterEach(cleanUp);

  it('is emptied in the schema of its search path', async () => {
    const database = (await emptyDatabase('postgresql')) as PostgresqlDatabase;
    const { ask } = await sharedCluster();
    const { database: name, user } = database;
    await ask(`create schema "Else where" authorization ${user}; create table public.other (id int)`, name);
    await ask(`alter database ${name} set search_path = "Else where"`, name);
    await (await opened({ database })).close();
    const restored = { run: 'a-run', backedUp: { id: 'x', seq: 1, chainHash: '' }, learnt: null };
    await markRestored(database, restored.run);
    assert.equal(await dropRestored(database, restored), 'restored');
    assert.equal(await inspectRestored(database, restored), 'empty');
    const schemas = await ask(`select count(*)::int as found from pg_namespace where nspname = 'Else where'`, name);
    const others = await ask(`select count(*)::int as found from pg_tables where schemaname = 'public'`, name);
    assert.deepEqual([schemas, others], [[{ found: 1 }], [{ found: 1 }]]);
  });
});
