/**
 * The limit for what is stored: plain INSERTs of rows as large as a certificate's, durable (WAL,
 * synchronous FULL).
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';

const ROW_BYTES = 1_500;
const GROUP_ROWS = 100;

export type SqliteRates = {
  /** Transactions of one row a second. */
  readonly singles: number;
  /** Rows a second in transactions of 100. */
  readonly grouped: number;
};

export async function measureSqlite(seconds: number): Promise<SqliteRates> {
  const folder = await temporaryFolder('pfcng-bench-');
  const database = await open(join(folder, 'plain.sqlite'));
  const exec = (sql: string) =>
    new Promise<void>((done, fail) => database.exec(sql, (error) => (error ? fail(error) : done())));
  await exec(
    'pragma journal_mode = wal; pragma synchronous = full; create table plain (id integer primary key, body blob not null)',
  );
  const statement = database.prepare('insert into plain (body) values (?)');
  const body = Buffer.alloc(ROW_BYTES, 7);
  const insert = () =>
    new Promise<void>((done, fail) => statement.run(body, (error: Error | null) => (error ? fail(error) : done())));
  const rateOf = async (rows: number, work: () => Promise<void>): Promise<number> => {
    const began = performance.now();
    let count = 0;
    for (; performance.now() - began < seconds * 1000; count += rows) await work();
    return count / ((performance.now() - began) / 1000);
  };
  const singles = await rateOf(1, insert);
  const grouped = await rateOf(GROUP_ROWS, async () => {
    await exec('begin immediate');
    await Promise.all(Array.from({ length: GROUP_ROWS }, insert));
    await exec('commit');
  });
  await new Promise<void>((done) => statement.finalize(() => done()));
  await new Promise<void>((done) => database.close(() => done()));
  rmSync(folder, { recursive: true, force: true });
  return { singles, grouped };
}

function open(file: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file, (error) => (error === null ? resolve(database) : reject(error)));
  });
}
