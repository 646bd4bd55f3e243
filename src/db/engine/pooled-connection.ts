/** One connection of a pool, held for a transaction or a read: given back when it is well, cut when it is in doubt. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Client, QueryResult } from 'pg';
import { assert } from '../../kernel/assert.js';
import { RETRY_SOON_MS, StoreUnavailable } from './failures.js';

export type PooledConnection = {
  readonly connection: Client;
  /** Statements of ours, without values; what the server answered to each (`BEGIN`, `COMMIT`, ...). */
  readonly ask: (sql: string, msMax: number) => Promise<readonly string[]>;
  readonly release: () => void;
  /** The socket is closed at once: the server undoes what was begun, and nobody else gets this connection. */
  readonly destroy: () => Promise<void>;
};

export async function takeConnection(db: Knex): Promise<PooledConnection> {
  const pool: Knex.Client = db.client;
  const connection: Client = await pool.acquireConnection();
  let isTaken = true;

  const release = (): void => {
    assert(isTaken, 'a connection is given back once');
    isTaken = false;
    void pool.releaseConnection(connection);
  };

  return {
    connection,
    ask: (sql, msMax) => withTimeout(commandsOf(connection, sql), msMax),
    release,
    destroy: async () => {
      if (!isTaken) return;
      const { stream } = connection.connection;
      // knex marks it as spent when it hears of its end; once the socket is closed that is a turn of the event loop away.
      const ended = stream.destroyed ? turn() : new Promise((resolve) => connection.once('end', resolve));
      stream.destroy();
      await ended;
      release();
    },
  };
}

async function commandsOf(connection: Client, sql: string): Promise<readonly string[]> {
  const answer: QueryResult | readonly QueryResult[] = await connection.query(sql);
  return (Array.isArray(answer) ? answer : [answer]).map(({ command }: QueryResult) => command);
}

/** Rejects with `StoreUnavailable` when it takes longer. */
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
