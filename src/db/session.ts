/** The one way from a room's statements to the database: errors are sorted, and a finished transaction answers no more. */
import type { Knex } from 'knex';
import { assert } from '../kernel/assert.js';
import { type Row, rowsOf } from './columns.js';
import { StoreUnavailable, translated } from './failures.js';

export type Statement = Knex.QueryBuilder | Knex.Raw;

/** Where the dialects' texts differ. */
export type Dialect = {
  /** The type of binary columns, for a parameter whose type nothing else tells. */
  readonly binary: string;
  /** Ends a SELECT whose rows nobody else shall change before the end of the transaction. */
  readonly forUpdate: string;
};

/** One transaction writes at a time, so that no row needs a lock. */
const SQLITE: Dialect = { binary: 'blob', forUpdate: '' };

export type Session = {
  readonly db: Knex;
  readonly dialect: Dialect;
  readonly rows: (statement: Statement) => Promise<readonly Row[]>;
  readonly first: (statement: Statement) => Promise<Row | null>;
  /** Rows that an update or a delete touched. */
  readonly changes: (statement: Knex.QueryBuilder) => Promise<number>;
};

/**
 * `failed`: once a statement failed for the world's reasons, work that swallowed it cannot be committed; nor can it go on.
 */
export type Guard = { ended: boolean; failed: StoreUnavailable | null };

export function createSession(db: Knex, guard: Guard = { ended: false, failed: null }): Session {
  const ask = async (statement: Statement | Knex.QueryBuilder): Promise<unknown> => {
    assert(!guard.ended, 'a statement after the end of its transaction');
    if (guard.failed !== null) throw guard.failed;
    try {
      return await statement;
    } catch (thrown) {
      const error = translated(thrown);
      if (error instanceof StoreUnavailable) guard.failed = error;
      throw error;
    }
  };
  const rows = async (statement: Statement): Promise<readonly Row[]> => rowsOf(await ask(statement));
  return {
    db,
    dialect: SQLITE,
    rows,
    first: async (statement) => (await rows(statement))[0] ?? null,
    changes: async (statement) => {
      const count = await ask(statement);
      assert(typeof count === 'number', 'an update answers with a count');
      return count;
    },
  };
}
