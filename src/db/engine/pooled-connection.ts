/**
 * One connection taken from a pool for a transaction or a read. It is released if it works, and
 * destroyed if its state is unknown.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Client, QueryResult } from 'pg';
import { assert } from '../../kernel/assert.js';
import type { Row } from '../tables/columns.js';
import { RETRY_SOON_MS, StoreUnavailable } from './failures.js';
import type { ServerConnection } from './server-connections.js';
import type { Run } from './session.js';

export type PooledConnection = {
  readonly connection: Client;
  /** What a session on this connection is made with. */
  readonly session: { readonly run: Run; readonly isSerial: true };
  /**
   * Executes fixed statements without values, and returns the server's command tags (`BEGIN`,
   * `COMMIT`, ...).
   */
  readonly ask: (sql: string, msMax: number) => Promise<readonly string[]>;
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
    assert(isTaken, 'a connection is given back once');
    isTaken = false;
    unwatch();
    void pool.releaseConnection(connection);
  };

  return {
    connection,
    session: {
      isSerial: true,
      run: async (sql, bindings, wants) => {
        const { rows, rowCount }: QueryResult = await connection.query(numbered(sql), [...bindings]);
        return wants === 'rows' ? rows : rowCount;
      },
    },
    ask: async (sql, msMax) =>
      (await withTimeout(answersOf(connection, sql), msMax)).map(({ command }: QueryResult) => command),
    rows: async (sql, msMax) => (await withTimeout(answersOf(connection, sql), msMax)).at(-1)?.rows ?? [],
    release,
    destroy: async () => {
      if (!isTaken) return;
      const { stream } = connection.connection;
      // knex removes the connection from its pool when it sees that it ended. With a closed socket
      // that takes one turn of the event loop.
      const ended = stream.destroyed ? turn() : new Promise((resolve) => connection.once('end', resolve));
      stream.destroy();
      await ended;
      release();
    },
  };
}

/** Limit of the texts that are kept. They differ in their number of rows. */
const NUMBERED_MAX = 512;
const numberedTexts = new Map<string, string>();

/** Returns the text with the placeholders of the server, `$1`, instead of `?`. */
function numbered(sql: string): string {
  const known = numberedTexts.get(sql);
  if (known !== undefined) return known;
  let count = 0;
  const made = sql.replaceAll('?', () => `$${++count}`);
  if (numberedTexts.size >= NUMBERED_MAX) numberedTexts.clear();
  numberedTexts.set(sql, made);
  return made;
}

async function answersOf(connection: Client, sql: string): Promise<readonly QueryResult[]> {
  const answer: QueryResult | readonly QueryResult[] = await connection.query(sql);
  return Array.isArray(answer) ? answer : [answer];
}

/** Rejects with `StoreUnavailable` after the timeout. */
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
