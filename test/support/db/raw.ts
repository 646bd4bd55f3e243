/**
 * The database in the hands of whoever owns it: SQL, past everything that guards it in the
 * program.
 */
import pg from 'pg';
import sqlite3 from 'sqlite3';
import type { DatabaseOptions } from '../../../src/db/open.js';
import type { PostgresqlDatabase } from './postgresql-cluster.js';

export type RawDatabase = {
  /** `?` stands for a value in both. */
  readonly all: (sql: string, ...bindings: readonly unknown[]) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly close: () => Promise<void>;
};

/** The database in the hands of whoever owns it. */
export function rawDatabase(database: DatabaseOptions): Promise<RawDatabase> {
  return database.kind === 'sqlite' ? rawSqlite(database.file) : rawPostgresql(database);
}

const BUSY_MS_MAX = 60_000;

async function rawSqlite(file: string): Promise<RawDatabase> {
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const made = new sqlite3.Database(file, (error) => (error === null ? resolve(made) : reject(error)));
  });
  // A service may be writing, and a full disk is slow.
  database.configure('busyTimeout', BUSY_MS_MAX);
  // Only the service writes its log into the file while it runs.
  database.run('pragma wal_autocheckpoint = 0');
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
  // One statement at a time: pg deprecates queries on a client that is already executing one.
  let last: Promise<unknown> = Promise.resolve();
  return {
    all: (sql, ...bindings) => {
      let at = 0;
      const numbered = sql.replace(/\?/g, () => `$${++at}`);
      const answer = last.then(() => client.query(numbered, [...bindings]));
      last = answer.catch(() => undefined);
      return answer.then(({ rows }) => rows);
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
