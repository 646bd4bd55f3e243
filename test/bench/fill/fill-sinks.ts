/**
 * Where a fill writes: rows in transactions of many, as fast as the database takes them; what is
 * cut short is thrown away.
 */
import { open } from 'node:fs/promises';
import pg from 'pg';
import sqlite3 from 'sqlite3';
import type { Home } from '../../../src/compose/home.js';
import { readPasswordFile } from '../../../src/config/password-file.js';
import type { PostgresqlConfig } from '../../../src/config/schema/database.js';

export type FilledRow = Readonly<Record<string, unknown>>;
export type AuditHead = { readonly seq: number; readonly chainHash: Uint8Array };

export type Sink = {
  readonly auditHead: () => Promise<AuditHead>;
  readonly begin: () => Promise<void>;
  /** At once, before the rows that were inserted. */
  readonly run: (sql: string) => Promise<void>;
  /** All rows of a table have the same columns. */
  readonly insert: (table: string, row: FilledRow) => void;
  /** May resolve before the database has stored the rows. `finish` waits for all of them. */
  readonly commit: (head: AuditHead) => Promise<void>;
  /** Leaves nothing to be done in the background. */
  readonly finish: () => Promise<void>;
};

export async function openSink({ config: { database, paths } }: Home): Promise<Sink> {
  return database.kind === 'sqlite' ? sqliteSink(paths.database) : postgresqlSink(database);
}

async function sqliteSink(path: string): Promise<Sink> {
  const database = new sqlite3.Database(path);
  const exec = (sql: string): Promise<void> =>
    new Promise((done, fail) => database.exec(sql, (error) => (error === null ? done() : fail(error))));
  await exec('pragma synchronous = off; pragma cache_size = -2000000; pragma temp_store = memory');
  // In the order of its rows each is made in a minute; row by row they take most of the time of a
  // fill.
  const indexes = await new Promise<readonly { readonly name: string; readonly sql: string }[]>((done, fail) => {
    const sql = `select name, sql from sqlite_master where type = 'index' and sql is not null`;
    database.all<{ readonly name: string; readonly sql: string }>(sql, (error, rows) =>
      error === null ? done(rows) : fail(error),
    );
  });
  for (const { name } of indexes) await exec(`drop index ${name}`);
  /** Made once, from the columns of the first row. */
  const statements = new Map<string, sqlite3.Statement>();
  let failure: Error | null = null;
  return {
    auditHead: () =>
      new Promise((done, fail) => {
        database.get<{ readonly seq: number; readonly chain_hash: Buffer }>('select * from audit_head', (error, row) =>
          error === null ? done({ seq: row.seq, chainHash: row.chain_hash }) : fail(error),
        );
      }),
    begin: () => exec('begin immediate'),
    run: exec,
    insert(table, row) {
      const columns = Object.keys(row);
      const known = statements.get(table);
      const places = columns.map(() => '?').join(', ');
      const statement = known ?? database.prepare(`insert into ${table} (${columns.join(', ')}) values (${places})`);
      statements.set(table, statement);
      statement.run(Object.values(row), (error: Error | null) => {
        failure ??= error;
      });
    },
    async commit({ seq, chainHash }) {
      await exec(`update audit_head set seq = ${seq}, chain_hash = x'${Buffer.from(chainHash).toString('hex')}'`);
      if (failure !== null) throw failure;
      await exec('commit');
    },
    // No statistics: the service makes none either. What is measured next does not wait for what
    // the system has still to write.
    finish: async () => {
      for (const { sql } of indexes) await exec(sql);
      await exec('pragma synchronous = full; pragma wal_checkpoint(truncate)');
      const file = await open(path, 'r+');
      await file.sync();
      await file.close();
    },
  };
}

const ROWS_A_STATEMENT = 2_000;

/**
 * The server stores a transaction while the next one is made. Indexes that are no constraints are
 * made at the end, as for SQLite.
 */
async function postgresqlSink({ host, port, database, user, passwordFile }: PostgresqlConfig): Promise<Sink> {
  const password = passwordFile === undefined ? undefined : readPasswordFile(passwordFile);
  if (password?.ok === false) throw new Error(password.error);
  const client = new pg.Client({ host, port, database, user, password: password?.value });
  await client.connect();
  await client.query(`set synchronous_commit = off; set maintenance_work_mem = '1GB'`);
  const indexes = await client.query<{ readonly name: string; readonly sql: string }>(
    `select indexname as name, indexdef as sql from pg_indexes where schemaname = current_schema()
      and not exists (select 1 from pg_constraint where conname = indexname)`,
  );
  for (const { name } of indexes.rows) await client.query(`drop index ${name}`);
  let waiting = new Map<string, FilledRow[]>();
  let stored: Promise<unknown> = Promise.resolve();
  /** Rows as JSON in one parameter: the server makes the types of the columns of it. */
  const flush = async (table: string, rows: readonly FilledRow[]): Promise<void> => {
    const columns = Object.keys(rows[0] ?? {}).join(', ');
    const text = `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1)`;
    for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT) {
      const part = JSON.stringify(rows.slice(at, at + ROWS_A_STATEMENT));
      await client.query({ name: `fill-${table}`, text, values: [part] });
    }
  };
  const store = async (tables: ReadonlyMap<string, readonly FilledRow[]>, head: AuditHead): Promise<void> => {
    await client.query('begin');
    // Certificates came first: what refers to them follows.
    for (const [table, rows] of tables) await flush(table, rows);
    await client.query('update audit_head set seq = $1, chain_hash = $2', [head.seq, Buffer.from(head.chainHash)]);
    await client.query('commit');
  };
  return {
    async auditHead() {
      const { rows } = await client.query<{ seq: string; chain_hash: Buffer }>('select * from audit_head');
      const [row] = rows;
      if (row === undefined) throw new Error('no head of the audit log');
      return { seq: Number(row.seq), chainHash: row.chain_hash };
    },
    begin: async () => undefined,
    run: async (sql) => {
      await stored;
      await client.query(sql);
    },
    insert(table, row) {
      const rows = waiting.get(table) ?? [];
      rows.push(Object.fromEntries(Object.entries(row).map(([column, value]) => [column, hexOf(value)])));
      waiting.set(table, rows);
    },
    async commit(head) {
      await stored;
      stored = store(waiting, head);
      waiting = new Map();
    },
    async finish() {
      await stored;
      for (const { sql } of indexes.rows) await client.query(sql);
      // As autovacuum does in its time.
      await client.query('vacuum analyze');
      await client.end();
    },
  };
}

/** Octets as PostgreSQL reads bytea, before JSON makes a list of numbers of them. */
function hexOf(value: unknown): unknown {
  return value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : value;
}
