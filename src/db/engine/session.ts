/**
 * A session executes the statements of a read or of a transaction. It translates the errors of the
 * drivers, and refuses statements after the end of its transaction.
 */
import type { Knex } from 'knex';
import { assert } from '../../kernel/assert.js';
import { isPostgresql } from '../schema/dialect.js';
import { type Row, rowsOf } from '../tables/columns.js';
import { StoreUnavailable, translateError } from './failures.js';

export type Statement = Knex.QueryBuilder | Knex.Raw;

export type Session = {
  /**
   * Builds statements. Pass them to `rows`, `first` or `changes`; awaiting them directly would
   * bypass the session.
   */
  readonly db: Knex;
  /** The type of binary columns, for parameters whose type the database cannot infer. */
  readonly binaryType: 'blob' | 'bytea';
  readonly rows: (statement: Statement) => Promise<readonly Row[]>;
  /** Executes a fixed SQL text with `?` for each value. This avoids the cost of a query builder. */
  readonly sql: (text: string, bindings?: readonly Knex.Value[]) => Promise<readonly Row[]>;
  /** Returns the first row. null: there is none. */
  readonly first: (statement: Statement) => Promise<Row | null>;
  /** Returns the number of rows that an update or a delete has changed. */
  readonly changes: (statement: Knex.QueryBuilder) => Promise<number>;
};

/**
 * What a session shares with the transaction that it belongs to. `ended`: the session refuses
 * further statements. `failed`: a statement has failed because of the environment, or the time is
 * over. The transaction then cannot be committed, even if the work ignored the error.
 */
export type SessionState = { ended: boolean; failed: StoreUnavailable | null };

/**
 * Executes an SQL text in the driver, with `?` for each value. Resolves with the rows or with the
 * number of changed rows.
 */
export type RunStatement = (sql: string, bindings: readonly unknown[], wants: 'rows' | 'changes') => Promise<unknown>;

type SessionOptions = {
  readonly state?: SessionState;
  /**
   * Executes the statements on one connection. Without it, knex executes each statement on a
   * connection of its pool, or on that of its transaction.
   */
  readonly run?: RunStatement;
  /**
   * Whether each statement waits until the previous one has ended. pg would queue the statements by
   * itself, but that is deprecated.
   */
  readonly isSerial?: boolean;
  /**
   * Applies a timeout of this process to each statement. Without it, only the settings of the
   * server limit their time.
   */
  readonly applyTimeout?: <Answer>(answer: Promise<Answer>) => Promise<Answer>;
};

export function createSession(db: Knex, options: SessionOptions = {}): Session {
  const { state = createSessionState(), run, isSerial = false, applyTimeout } = options;
  let previous: Promise<unknown> = Promise.resolve();
  const startInTurn = (start: () => Promise<unknown>): Promise<unknown> => {
    if (!isSerial) return start();
    const answer = previous.then(start);
    previous = answer.catch(() => undefined);
    return answer;
  };
  const startGuarded = (start: () => Promise<unknown>): Promise<unknown> => startInTurn(() => checkAndStart(start));
  const checkAndStart = async (start: () => Promise<unknown>): Promise<unknown> => {
    assert(!state.ended, 'a statement after the end of its transaction');
    if (state.failed !== null) throw state.failed;
    try {
      return await (applyTimeout === undefined ? start() : applyTimeout(start()));
    } catch (thrown) {
      const error = translateError(thrown);
      if (error instanceof StoreUnavailable) state.failed = error;
      throw error;
    }
  };
  const execute = (statement: Statement, wants: 'rows' | 'changes'): Promise<unknown> =>
    startGuarded(async () => {
      if (run === undefined) return await statement;
      const { sql, bindings } = statement.toSQL();
      return run(sql, bindings, wants);
    });
  const rows = async (statement: Statement): Promise<readonly Row[]> => rowsOf(await execute(statement, 'rows'));
  return {
    db,
    binaryType: isPostgresql(db) ? 'bytea' : 'blob',
    rows,
    sql: async (text, bindings = []) =>
      run === undefined ? rows(db.raw(text, bindings)) : rowsOf(await startGuarded(() => run(text, bindings, 'rows'))),
    first: async (statement) => (await rows(statement))[0] ?? null,
    changes: async (statement) => {
      const count = await execute(statement, 'changes');
      assert(typeof count === 'number', 'an update answers with a count');
      return count;
    },
  };
}

export function createSessionState(): SessionState {
  return { ended: false, failed: null };
}
