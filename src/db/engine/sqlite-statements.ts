/**
 * The prepared statements of one SQLite connection. Parsing a text costs more than executing most
 * statements, and costs an additional round trip through the thread pool each time.
 */
import type { Database, Statement } from 'sqlite3';
import { assert } from '../../kernel/assert.js';
import type { Run } from './session.js';

/**
 * Limits of the prepared statements of a connection, because the texts differ in their number of
 * rows. The least recently used ones are finalized first.
 */
const KEPT_MAX = 512;
const KEPT_OCTETS_MAX = 64_000_000;
/**
 * How much memory a statement takes for each character of its text: 512 inserts of 200 rows took
 * 366 MB. Beside it, SQLite keeps a copy of the values of the last execution.
 */
const OCTETS_PER_CHARACTER = 50;

type Statements = {
  readonly run: Run;
  /** Called before the connection is closed. */
  readonly close: () => Promise<void>;
};

/** `octets`: an estimate of the memory that it takes. */
type KeptStatement = { readonly statement: Promise<Statement>; readonly octets: number };

function createStatements(connection: Database): Statements {
  const kept = new Map<string, KeptStatement>();
  let octetsKept = 0;

  function keep(sql: string, made: KeptStatement): void {
    kept.set(sql, made);
    octetsKept += made.octets;
    for (const [oldest, { statement }] of kept) {
      if (oldest === sql || (kept.size <= KEPT_MAX && octetsKept <= KEPT_OCTETS_MAX)) return;
      forget(oldest);
      void finalize(statement);
    }
  }

  function forget(sql: string): void {
    octetsKept -= kept.get(sql)?.octets ?? 0;
    kept.delete(sql);
  }

  function prepared(sql: string, bindings: readonly unknown[]): Promise<Statement> {
    const octets = sql.length * OCTETS_PER_CHARACTER + octetsOf(bindings);
    const known = kept.get(sql);
    if (known !== undefined) {
      forget(sql);
      keep(sql, { statement: known.statement, octets });
      return known.statement;
    }
    const statement = prepare(connection, sql);
    keep(sql, { statement, octets });
    // A statement that cannot be prepared now may succeed later.
    statement.catch(() => forget(sql));
    return statement;
  }

  return {
    run: async (sql, bindings, wants) => {
      const statement = await prepared(sql, bindings);
      return new Promise((resolve, reject) => {
        if (wants === 'rows')
          statement.all(bindings, (error: Error | null, rows) => (error === null ? resolve(rows) : reject(error)));
        else
          statement.run(bindings, function counted(error: Error | null) {
            if (error === null) resolve(this.changes);
            else reject(error);
          });
      });
    },
    close: async () => {
      const all = [...kept.values()];
      kept.clear();
      octetsKept = 0;
      await Promise.all(all.map(({ statement }) => finalize(statement)));
    },
  };
}

function octetsOf(values: readonly unknown[]): number {
  let octets = 0;
  for (const value of values) {
    if (typeof value === 'string') octets += value.length;
    else if (value instanceof Uint8Array) octets += value.byteLength;
  }
  return octets;
}

function prepare(connection: Database, sql: string): Promise<Statement> {
  return new Promise((resolve, reject) => {
    const statement = connection.prepare(sql, (error: Error | null) => {
      if (error === null) resolve(statement);
      else reject(error);
    });
  });
}

/** A statement that could not be prepared needs no finalization. */
async function finalize(prepared: Promise<Statement>): Promise<void> {
  const statement = await prepared.catch(() => null);
  if (statement !== null) await new Promise<void>((resolve) => statement.finalize(() => resolve()));
}

const known = new WeakMap<Database, Statements>();

/** Returns the statements of a connection of knex's pool. */
export function statementsOf(connection: unknown): Statements {
  assert(isDatabase(connection), 'a connection of the sqlite3 driver');
  const made = known.get(connection) ?? createStatements(connection);
  known.set(connection, made);
  return made;
}

function isDatabase(value: unknown): value is Database {
  return typeof value === 'object' && value !== null && 'prepare' in value && typeof value.prepare === 'function';
}
