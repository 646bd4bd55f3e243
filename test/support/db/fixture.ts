/** Real databases of each kind. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DatabaseOptions, openStore, type StoreOptions } from '../../../src/db/open.js';
import { MINUTE_MS } from '../../../src/kernel/duration.js';
import type { Result } from '../../../src/kernel/result.js';
import type { Store } from '../../../src/ports/store.js';
import { afterLastTest } from '../after-last-test.js';
import { type PostgresqlDatabase, sharedCluster } from './postgresql-cluster.js';
import { AUDIT_ORIGIN, NOW } from './records.js';

export type DatabaseKind = DatabaseOptions['kind'];
export const DATABASE_KINDS: readonly DatabaseKind[] = ['sqlite', 'postgresql'];

/**
 * What a test needs of a database, whichever it is. Everything it makes is closed and removed
 * after each test.
 */
export type DatabaseUnderTest = {
  readonly kind: DatabaseKind;
  /** A new one with the schema, as the first start in the development environment makes it. */
  readonly fresh: () => Promise<DatabaseOptions>;
  /** A new one without a schema. */
  readonly empty: () => Promise<DatabaseOptions>;
  readonly opened: (options?: Partial<StoreOptions>) => Promise<Store>;
};

/** Defines the tests once for each kind of database. */
export function describeOnEach(title: string, tests: (database: DatabaseUnderTest) => void): void {
  for (const kind of DATABASE_KINDS) {
    describe(`${title}, on ${kind}`, () => {
      if (kind === 'postgresql') {
        before(async function makeCluster() {
          await sharedCluster();
        });
      }
      afterEach(cleanUp);
      const fresh = () => freshDatabase(kind);
      const empty = () => emptyDatabase(kind);
      tests({
        kind,
        fresh,
        empty,
        opened: async (options = {}) => {
          const isUsual = (options.environmentMark ?? MARK) === MARK;
          return opened({ ...options, database: options.database ?? (await (isUsual ? fresh() : empty())) });
        },
      });
    });
  }
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-db-'));
  folders.push(folder);
  return folder;
}

/** The id of databases that tests create. */
export const NEW_ID = '0123456789abcdef';
const MARK = 'development';
/** Long enough for a busy machine; tests of these limits set their own. */
export const PATIENT = {
  waitMsMax: MINUTE_MS,
  transactionMsMax: 5 * MINUTE_MS,
  writerIdleMsMax: MINUTE_MS,
  readMsMax: 5 * MINUTE_MS,
};
const USUAL = { environmentMark: MARK, auditOrigin: AUDIT_ORIGIN, clock: () => NOW, newId: NEW_ID, limits: PATIENT };

const folders: string[] = [];
const databases: string[] = [];
const stores: Store[] = [];

export async function emptyDatabase(kind: DatabaseKind): Promise<DatabaseOptions> {
  if (kind === 'sqlite') return { kind, file: join(temporaryFolder(), 'pfcng.sqlite') };
  return dropped(await (await sharedCluster()).create());
}

/** A copy of a database that is made once in each process, because its schema takes long. */
export async function freshDatabase(kind: DatabaseKind): Promise<DatabaseOptions> {
  if (kind === 'sqlite') {
    sqliteTemplate ??= makeSqliteTemplate();
    const file = join(temporaryFolder(), 'pfcng.sqlite');
    copyFileSync(await sqliteTemplate, file);
    return { kind, file };
  }
  postgresqlTemplate ??= makePostgresqlTemplate();
  return dropped(await (await sharedCluster()).copy(await postgresqlTemplate));
}

let sqliteTemplate: Promise<string> | null = null;
let postgresqlTemplate: Promise<string> | null = null;

async function makeSqliteTemplate(): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'pfcng-db-template-')), 'pfcng.sqlite');
  await makeSchema({ kind: 'sqlite', file });
  return file;
}

afterLastTest(async () => {
  if (sqliteTemplate !== null) rmSync(dirname(await sqliteTemplate), { recursive: true, force: true });
});

async function makePostgresqlTemplate(): Promise<string> {
  const database = await (await sharedCluster()).create();
  await makeSchema(database);
  return database.database;
}

async function makeSchema(database: DatabaseOptions): Promise<void> {
  await unwrap(await openStore({ ...USUAL, database })).close();
}

function dropped(made: PostgresqlDatabase): PostgresqlDatabase {
  databases.push(made.database);
  return made;
}

/** For `afterEach`: closes and removes all that the test made. */
export async function cleanUp(): Promise<void> {
  for (const store of stores.splice(0)) await store.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  for (const name of databases.splice(0)) await (await sharedCluster()).drop(name);
}

/** Creates the database if there is none. */
export async function opened(options: Partial<StoreOptions> & Pick<StoreOptions, 'database'>): Promise<Store> {
  const store = unwrap(await openStore({ ...USUAL, ...options }));
  stores.push(store);
  return store;
}

export function unwrap<Value>(result: Result<Value, unknown>): Value {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}
