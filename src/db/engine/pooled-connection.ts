/**
 * Takes one connection from a pool for a transaction or a read. It is released if it works, and
 * destroyed if its state is unknown.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Client, QueryResult } from 'pg';
import { assert } from '../../kernel/assert.js';
import type { Row } from '../tables/columns.js';
import { RETRY_SOON_MS, StoreUnavailable } from './failures.js';
import type { ServerConnection } from './server-connections.js';
import type { RunStatement } from './session.js';

export type PooledConnection = {
  readonly connection: Client;
  /** Options of `createSession`, with which a session uses this connection. */
  readonly session: { readonly run: RunStatement; readonly isSerial: true };
  /**
   * Executes fixed statements without values, and returns the server's command tags (`BEGIN`,
   * `COMMIT`, ...).
   */
  readonly execute: (sql: string, msMax: number) => Promise<readonly string[]>;
  /** Executes fixed statements without values, and returns the rows of the last one. */
  readonly rows: (sql: string, msMax: number) => Promise<readonly Row[]>;
  readonly release: () => void;
  /** Closes the socket at once: the server rolls back, and the connection is not used again. */
  readonly destroy: () => Promise<void>;
};

export async function takeConnection(db: Knex): Promise<PooledConnection> {
  const pool: Knex.Client = db.client;
  const connection: ServerConnection = await pool.acquireConnection();
  const unwatch = connection.watch();
  let isTaken = true;

  const release = (): void => {
    assert(isTaken, 'a connection is released once');
    isTaken = false;
    unwatch();
    void pool.releaseConnection(connection);
  };

  return {
    connection,
    session: {
      isSerial: true,
      run: async (sql, bindings, wants) => {
        const { rows, rowCount }: QueryResult = await connection.query(withNumberedPlaceholders(sql), [...bindings]);
        return wants === 'rows' ? rows : rowCount;
      },
    },
    execute: async (sql, msMax) =>
      (await withTimeout(queryResultsOf(connection, sql), msMax)).map(({ command }: QueryResult) => command),
    rows: async (sql, msMax) => (await withTimeout(queryResultsOf(connection, sql), msMax)).at(-1)?.rows ?? [],
    release,
    destroy: async () => {
      if (!isTaken) return;
      const { stream } = connection.connection;
      // knex removes the connection from its pool when it sees that the connection has ended. If
      // the socket is closed already, that takes one turn of the event loop.
      const ended = stream.destroyed ? nextTurn() : new Promise((resolve) => connection.once('end', resolve));
      stream.destroy();
      await ended;
      release();
    },
  };
}

/**
 * Limit for the converted texts that are cached; when it is reached, the cache is emptied. Texts
 * that differ only in the number of their rows are different entries.
 */
const NUMBERED_MAX = 512;
const numberedTexts = new Map<string, string>();

/**
 * Returns the SQL text with the placeholders of PostgreSQL, `$1`, `$2` and so on, instead of `?`.
 */
function withNumberedPlaceholders(sql: string): string {
  const known = numberedTexts.get(sql);
  if (known !== undefined) return known;
  let count = 0;
  const made = sql.replaceAll('?', () => `$${++count}`);
  if (numberedTexts.size >= NUMBERED_MAX) numberedTexts.clear();
  numberedTexts.set(sql, made);
  return made;
}

async function queryResultsOf(connection: Client, sql: string): Promise<readonly QueryResult[]> {
  const answer: QueryResult | readonly QueryResult[] = await connection.query(sql);
  return Array.isArray(answer) ? answer : [answer];
}

/** Rejects with `StoreUnavailable` after `msMax` milliseconds. The work itself goes on. */
export async function withTimeout<Value>(work: Promise<Value>, msMax: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new StoreUnavailable('the server does not answer', RETRY_SOON_MS);
    timer = setTimeout(() => reject(error), msMax);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}
