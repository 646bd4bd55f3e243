/** The database of a home as SQLite itself shows it, without any code of the product. */
import { join } from 'node:path';
import sqlite3 from 'sqlite3';

export type Row = Readonly<Record<string, unknown>>;

export type Database = {
  readonly all: (sql: string, ...values: readonly unknown[]) => Promise<readonly Row[]>;
  readonly run: (sql: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

export function openDatabase(home: string, mode: 'read' | 'write' = 'read'): Promise<Database> {
  const flags = mode === 'read' ? sqlite3.OPEN_READONLY : sqlite3.OPEN_READWRITE;
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(join(home, 'pfcng.sqlite'), flags, (error) => {
      if (error !== null) return reject(error);
      database.configure('busyTimeout', 5_000);
      resolve({
        all: (sql, ...values) =>
          new Promise((done, fail) =>
            database.all<Row>(sql, values, (failure, rows) => (failure === null ? done(rows) : fail(failure))),
          ),
        run: (sql) =>
          new Promise((done, fail) => database.exec(sql, (failure) => (failure === null ? done() : fail(failure)))),
        close: () =>
          new Promise((done, fail) => database.close((failure) => (failure === null ? done() : fail(failure)))),
      });
    });
  });
}

/** Takes away what the database itself would refuse: for copies that are tampered with. */
export async function dropGuards(database: Database): Promise<void> {
  const triggers = await database.all("select name from sqlite_master where type = 'trigger'");
  for (const { name } of triggers) await database.run(`drop trigger "${String(name)}"`);
}
