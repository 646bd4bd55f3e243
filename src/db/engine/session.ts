/**
 * The only way to execute statements: errors are translated, and after the end of its transaction a
 * session refuses statements.
 */
import type { Knex } from 'knex';
import { assert } from '../../kernel/assert.js';
import { isPostgresql } from '../schema/dialect.js';
import { type Row, rowsOf } from '../tables/columns.js';
import { StoreUnavailable, translateError } from './failures.js';

export type Statement = Knex.QueryBuilder | Knex.Raw;

export type Session = {
  /** Builds statements. They are executed through the session, and never awaited directly. */
  readonly db: Knex;
  /** The type of binary columns, for parameters whose type the database cannot infer. */
  readonly binaryType: 'blob' | 'bytea';
  readonly rows: (statement: Statement) => Promise<readonly Row[]>;
  /** Executes a fixed SQL text with `?` for each value. This avoids the cost of a query builder. */
  readonly sql: (text: string, bindings?: readonly Knex.Value[]) => Promise<readonly Row[]>;
  readonly first: (statement: Statement) => Promise<Row | null>;
  /** Returns the number of rows that an update or a delete has changed. */
  readonly changes: (statement: Knex.QueryBuilder) => Promise<number>;
};

/**
 * `failed`: a statement has failed because of the environment. The transaction cannot continue and
 * cannot be committed, even if the work ignored the error.
 */
export type Guard = { ended: boolean; failed: StoreUnavailable | null };

/**
 * Executes an SQL text, with `?` for each value, in the driver, and returns the rows or the number
 * of changed rows.
 */
export type Run = (sql: string, bindings: readonly unknown[], wants: 'rows' | 'changes') => Promise<unknown>;

type SessionOptions = {
  readonly guard?: Guard;
  /**
   * Executes the statements on one connection. Without it, each is executed by knex and takes a
   * connection from the pool, except in a transaction of knex.
   */
  readonly run?: Run;
  /**
   * Statements wait for each other here. The driver would also queue them, but pg deprecates that.
   */
  readonly isSerial?: boolean;
  /** Applies a client-side timeout to each statement; without it there is none. */
  readonly within?: <Answer>(asked: Promise<Answer>) => Promise<Answer>;
};

export function createSession(db: Knex, options: SessionOptions = {}): Session {
  const { guard = openGuard(), run, isSerial = false, within } = options;
  let previous: Promise<unknown> = Promise.resolve();
  const inTurn = (ask: () => Promise<unknown>): Promise<unknown> => {
    if (!isSerial) return ask();
    const answer = previous.then(ask);
    previous = answer.catch(() => undefined);
    return answer;
  };
  const guarded = (ask: () => Promise<unknown>): Promise<unknown> => inTurn(() => checked(ask));
  const checked = async (ask: () => Promise<unknown>): Promise<unknown> => {
    assert(!guard.ended, 'a statement after the end of its transaction');
    if (guard.failed !== null) throw guard.failed;
    try {
      return await (within === undefined ? ask() : within(ask()));
    } catch (thrown) {
      const error = translateError(thrown);
      if (error instanceof StoreUnavailable) guard.failed = error;
      throw error;
    }
  };
  const ask = (statement: Statement, wants: 'rows' | 'changes'): Promise<unknown> =>
    guarded(async () => {
      if (run === undefined) return await statement;
      const { sql, bindings } = statement.toSQL();
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
