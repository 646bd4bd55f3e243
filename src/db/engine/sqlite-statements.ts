/**
 * Keeps the prepared statements of SQLite connections for reuse. Parsing an SQL text costs more
 * than executing most statements, and needs an additional round trip through the thread pool.
 */
import type { Database, Statement } from 'sqlite3';
import { assert } from '../../kernel/assert.js';
import type { RunStatement } from './session.js';

/**
 * Limits for the prepared statements of one connection. Texts that differ only in the number of
 * their rows are different statements, so there would be more and more. The least recently used
 * ones are finalized first.
 */
const STATEMENTS_MAX = 512;
const STATEMENTS_OCTETS_MAX = 64_000_000;
/**
 * A statement takes about this many octets of memory for each character of its text: 512 inserts of
 * 200 rows took 366 MB. In addition, SQLite keeps a copy of the values of the last execution.
 */
const OCTETS_PER_CHARACTER = 50;

type Statements = {
  readonly run: RunStatement;
  /** Called before the connection is closed. */
  readonly close: () => Promise<void>;
};

/** `octets`: an estimate of the memory that the statement takes. */
type CachedStatement = { readonly statement: Promise<Statement>; readonly octets: number };

function createStatements(connection: Database): Statements {
  const cached = new Map<string, CachedStatement>();
  let octetsCached = 0;

  function addToCache(sql: string, made: CachedStatement): void {
    cached.set(sql, made);
    octetsCached += made.octets;
    for (const [oldest, { statement }] of cached) {
      if (oldest === sql || (cached.size <= STATEMENTS_MAX && octetsCached <= STATEMENTS_OCTETS_MAX)) return;
      removeFromCache(oldest);
      void finalize(statement);
    }
  }

  function removeFromCache(sql: string): void {
    octetsCached -= cached.get(sql)?.octets ?? 0;
    cached.delete(sql);
  }

  function findOrPrepare(sql: string, bindings: readonly unknown[]): Promise<Statement> {
    const octets = sql.length * OCTETS_PER_CHARACTER + octetsOf(bindings);
    const known = cached.get(sql);
    if (known !== undefined) {
      removeFromCache(sql);
      addToCache(sql, { statement: known.statement, octets });
      return known.statement;
    }
    const statement = prepare(connection, sql);
    addToCache(sql, { statement, octets });
    // The text may be prepared successfully later, for example after a change of the schema.
    statement.catch(() => removeFromCache(sql));
    return statement;
  }

  return {
    run: async (sql, bindings, wants) => {
      const statement = await findOrPrepare(sql, bindings);
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
      const all = [...cached.values()];
      cached.clear();
      octetsCached = 0;
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

/** Finalizes a statement, unless it could not be prepared. Does not reject. */
async function finalize(prepared: Promise<Statement>): Promise<void> {
  const statement = await prepared.catch(() => null);
  if (statement !== null) await new Promise<void>((resolve) => statement.finalize(() => resolve()));
}

const statementsByConnection = new WeakMap<Database, Statements>();

/** Returns the prepared statements of a connection of the pool of knex. */
export function statementsOf(connection: unknown): Statements {
  assert(isDatabase(connection), 'a connection of the sqlite3 driver');
  const made = statementsByConnection.get(connection) ?? createStatements(connection);
  statementsByConnection.set(connection, made);
  return made;
}

function isDatabase(value: unknown): value is Database {
  return typeof value === 'object' && value !== null && 'prepare' in value && typeof value.prepare === 'function';
}
