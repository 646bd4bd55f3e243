/** The one way from a room's statements to the database: errors are sorted, and a finished transaction answers no more. */
import type { Knex } from 'knex';
import type { Client } from 'pg';
import { assert } from '../../kernel/assert.js';
import { isPostgresql } from '../migrations/dialect.js';
import { type Row, rowsOf } from '../tables/columns.js';
import { StoreUnavailable, translated } from './failures.js';

export type Statement = Knex.QueryBuilder | Knex.Raw;

export type Session = {
  /** Makes statements; they are asked through the session, and never awaited by themselves. */
  readonly db: Knex;
  /** The type of binary columns, for a parameter whose type nothing else tells. */
  readonly binaryType: 'blob' | 'bytea';
  readonly rows: (statement: Statement) => Promise<readonly Row[]>;
  /** A text of ours, with `?` for each value: what a query builder would only take apart and put together again. */
  readonly sql: (text: string, bindings?: readonly Knex.Value[]) => Promise<readonly Row[]>;
  readonly first: (statement: Statement) => Promise<Row | null>;
  /** Rows that an update or a delete touched. */
  readonly changes: (statement: Knex.QueryBuilder) => Promise<number>;
};

/**
 * `failed`: once a statement failed for the world's reasons, work that swallowed it cannot be committed; nor can it go on.
 */
export type Guard = { ended: boolean; failed: StoreUnavailable | null };

/** What a driver does with a text and its values: gives the rows, or counts what was changed. */
export type Run = (sql: string, bindings: readonly unknown[], wants: 'rows' | 'changes') => Promise<unknown>;

type SessionOptions = {
  readonly guard?: Guard;
  /** Instead of knex's own way to its driver. */
  readonly run?: Run;
  /**
   * All statements go to this connection, or fail. Without it each takes one from the pool: a transaction whose connection
   * was lost would then go on outside of it, statement by statement.
   */
  readonly connection?: Client;
  /** How long each statement may take on this side of the connection; without it as long as it likes. */
  readonly within?: <Answer>(asked: Promise<Answer>) => Promise<Answer>;
};

export function createSession(
  db: Knex,
  { guard = openGuard(), connection, run, within }: SessionOptions = {},
): Session {
  const guarded = async (ask: () => Promise<unknown>): Promise<unknown> => {
    assert(!guard.ended, 'a statement after the end of its transaction');
    if (guard.failed !== null) throw guard.failed;
    try {
      return await (within === undefined ? ask() : within(ask()));
    } catch (thrown) {
      const error = translated(thrown);
      if (error instanceof StoreUnavailable) guard.failed = error;
      throw error;
    }
  };
  const ask = (statement: Statement, wants: 'rows' | 'changes'): Promise<unknown> =>
    guarded(async () => {
      if (run === undefined) return await (connection === undefined ? statement : statement.connection(connection));
      const { sql, bindings } = statement.toSQL().toNative();
      return run(sql, bindings, wants);
    });
  const rows = async (statement: Statement): Promise<readonly Row[]> => rowsOf(await ask(statement, 'rows'));
  return {
    db,
    binaryType: isPostgresql(db) ? 'bytea' : 'blob',
    rows,
    sql: async (text, bindings = []) =>
      run === undefined ? rows(db.raw(text, bindings)) : rowsOf(await guarded(() => run(text, bindings, 'rows'))),
    first: async (statement) => (await rows(statement))[0] ?? null,
    changes: async (statement) => {
      const count = await ask(statement, 'changes');
      assert(typeof count === 'number', 'an update answers with a count');
      return count;
    },
  };
}

export function openGuard(): Guard {
  return { ended: false, failed: null };
}
