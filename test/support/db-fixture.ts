/** Real databases of each kind, and the database as its owner sees it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import sqlite3 from 'sqlite3';
import { type DatabaseOptions, type OpenOptions, openStore } from '../../src/db/open.js';
import type { Result } from '../../src/kernel/result.js';
import type { Store } from '../../src/ports/store.js';
import { NOW } from './db-records.js';
import { type PostgresqlDatabase, sharedCluster } from './postgresql-cluster.js';

export type DatabaseKind = DatabaseOptions['kind'];
export const DATABASE_KINDS: readonly DatabaseKind[] = ['sqlite', 'postgresql'];

/** What a test needs of a database, whichever it is. Everything it makes is closed and removed after each test. */
export type DatabaseUnderTest = {
  readonly kind: DatabaseKind;
  /** A new one, empty. */
  readonly fresh: () => Promise<DatabaseOptions>;
  readonly opened: (options?: Partial<OpenOptions>) => Promise<Store>;
};

/** The same tests on each database there is. */
export function describeOnEach(title: string, tests: (database: DatabaseUnderTest) => void): void {
  for (const kind of DATABASE_KINDS) {
    describe(`${title}, on ${kind}`, () => {
      if (kind === 'postgresql') {
        before(async function makeCluster() {
          this.timeout(60_000);
          await sharedCluster();
        });
      }
      afterEach(cleanUp);
      const fresh = () => freshDatabase(kind);
      tests({
        kind,
        fresh,
        opened: async (options = {}) => opened({ ...options, database: options.database ?? (await fresh()) }),
      });
    });
  }
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-db-'));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];
const databases: string[] = [];
const stores: Store[] = [];

export async function freshDatabase(kind: DatabaseKind): Promise<DatabaseOptions> {
  if (kind === 'sqlite') return { kind, file: join(temporaryFolder(), 'pfcng.sqlite') };
  const made = await (await sharedCluster()).create();
  databases.push(made.database);
  return made;
}

/** For `afterEach`: closes and removes all that the test made. */
export async function cleanUp(): Promise<void> {
  for (const store of stores.splice(0)) await store.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  for (const name of databases.splice(0)) await (await sharedCluster()).drop(name);
}

export async function opened(options: Partial<OpenOptions> & Pick<OpenOptions, 'database'>): Promise<Store> {
  const store = unwrap(await openStore({ environmentMark: 'development', clock: () => NOW, ...options }));
  stores.push(store);
  return store;
}

export function unwrap<Value>(result: Result<Value, unknown>): Value {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

export type RawDatabase = {
  /** `?` stands for a value in both. */
  readonly all: (sql: string, ...bindings: readonly unknown[]) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly close: () => Promise<void>;
};

/** The database in the hands of whoever owns it. */
export function rawDatabase(database: DatabaseOptions): Promise<RawDatabase> {
  return database.kind === 'sqlite' ? rawSqlite(database.file) : rawPostgresql(database);
}

async function rawSqlite(file: string): Promise<RawDatabase> {
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const made = new sqlite3.Database(file, (error) => (error === null ? resolve(made) : reject(error)));
  });
  return {
    all: (sql, ...bindings) =>
      new Promise((resolve, reject) => {
        database.all<Readonly<Record<string, unknown>>>(sql, bindings, (error, rows) =>
          error === null ? resolve(rows) : reject(error),
        );
      }),
    close: () =>
      new Promise((resolve, reject) => database.close((error) => (error === null ? resolve() : reject(error)))),
  };
}

async function rawPostgresql({ host, port, database, user, password }: PostgresqlDatabase): Promise<RawDatabase> {
  const client = new pg.Client({ host, port, database, user, password: password ?? undefined });
  // 64-bit integers as the numbers they are, as SQLite's driver gives them.
  client.setTypeParser(pg.types.builtins.INT8, Number);
  client.on('error', () => undefined);
  await client.connect();
  return {
    all: async (sql, ...bindings) => {
      let at = 0;
      const { rows } = await client.query(
        sql.replace(/\?/g, () => `$${++at}`),
        [...bindings],
      );
      return rows;
    },
    close: () => client.end(),
  };
}

const TRIGGERS_SQL = {
  sqlite: `select name, tbl_name as "table" from sqlite_master where type = 'trigger'`,
  postgresql: `select tgname as name, tgrelid::regclass::text as "table" from pg_trigger where not tgisinternal`,
} as const;

/** Lets the owner do what the guards refuse, and puts the guards away for good. */
export async function tamper(database: DatabaseOptions, sql: string, ...bindings: readonly unknown[]): Promise<void> {
  const raw = await rawDatabase(database);
  for (const { name, table } of await raw.all(TRIGGERS_SQL[database.kind])) {
    await raw.all(`drop trigger ${String(name)}${database.kind === 'sqlite' ? '' : ` on ${String(table)}`}`);
  }
  await raw.all(sql, ...bindings);
  await raw.close();
}
