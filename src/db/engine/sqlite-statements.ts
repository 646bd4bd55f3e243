/**
 * The prepared statements of one SQLite connection. Parsing a text costs more than executing most
 * statements, and costs an additional round trip through the thread pool each time.
 */
import type { Database, Statement } from 'sqlite3';
import { assert } from '../../kernel/assert.js';
import type { Run } from './session.js';

/**
 * Limits of prepared statements, because the texts differ in their number of rows. The least
 * recently used ones are finalized first. An insert of many rows takes some 50 octets of memory for
 * each character of its text: 512 of 200 rows took 366 MB.
 */
const KEPT_MAX = 512;
const KEPT_CHARACTERS_MAX = 1_000_000;

type Statements = {
  readonly run: Run;
  /** Called before the connection is closed. */
  readonly close: () => Promise<void>;
};

function createStatements(connection: Database): Statements {
  const kept = new Map<string, Promise<Statement>>();
  let characters = 0;

  function keep(sql: string, statement: Promise<Statement>): void {
    kept.set(sql, statement);
    characters += sql.length;
    for (const [oldest, unused] of kept) {
      if (oldest === sql || (kept.size <= KEPT_MAX && characters <= KEPT_CHARACTERS_MAX)) return;
      forget(oldest);
      void finalize(unused);
    }
  }

  function forget(sql: string): void {
    if (kept.delete(sql)) characters -= sql.length;
  }

  function prepared(sql: string): Promise<Statement> {
    const known = kept.get(sql);
    if (known !== undefined) {
      kept.delete(sql);
      kept.set(sql, known);
      return known;
    }
    const made = prepare(connection, sql);
    keep(sql, made);
    // A statement that cannot be prepared now may succeed later.
    made.catch(() => forget(sql));
    return made;
  }

  return {
    run: async (sql, bindings, wants) => {
      const statement = await prepared(sql);
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
      characters = 0;
      await Promise.all(all.map(finalize));
    },
  };
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
