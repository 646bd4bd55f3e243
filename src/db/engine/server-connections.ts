/**
 * The connections of a process to the address of its PostgreSQL server. After a failover the
 * address leads to another server. The machine of the old one may be gone without closing
 * connections, and TCP notices that after many minutes; or it may go on, with data that nobody
 * changes any more. So a new connection that reaches another primary closes all connections to the
 * old one, and a connection that is silent while it is in use causes such a new connection.
 */
import { Socket } from 'node:net';
import pg, { type ClientConfig } from 'pg';
import { assert, present } from '../../kernel/assert.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { flag, type Row, text } from '../tables/columns.js';

/** Limit for a log-in, so that one to a machine that is gone does not delay the next one. */
export const CONNECT_MS_MAX = 3 * SECOND_MS;
const SILENT_MS_MAX = 2 * SECOND_MS;
const AGAIN_MS = SECOND_MS;

/** One start of a server. A promotion does not change it. */
type ServerInstance = { readonly id: string; readonly isReplica: boolean };

const INSTANCE_SQL = `select extract(epoch from pg_postmaster_start_time())::text as id, pg_is_in_recovery() as replica`;

export abstract class ServerConnection extends pg.Client {
  /** Called when work begins. The function that it returns must be called when the work ends. */
  abstract watch(): () => void;
}

type ConnectionClass = new (config: ClientConfig) => ServerConnection;

/**
 * Returns the class of the connections of a process, for the driver. `config`: how to connect for a
 * comparison.
 */
export function createConnectionClass(config: ClientConfig): ConnectionClass {
  const open = new Map<pg.Client, ServerInstance>();
  let comparing: Promise<ServerInstance | null> | null = null;

  /**
   * Several replicas may share an address, so a connection to one says nothing about the others.
   */
  function add(connection: pg.Client, instance: ServerInstance): void {
    open.set(connection, instance);
    connection.once('end', () => open.delete(connection));
    if (instance.isReplica) return;
    for (const [other, { id }] of open) if (id !== instance.id) streamOf(other).destroy();
  }

  class ComparedConnection extends ServerConnection {
    override watch(): () => void {
      return watchSilence(this);
    }

    override connect(): Promise<pg.Client>;
    override connect(callback: ((error: Error) => void) | ((error: null, client: pg.Client) => void)): void;
    override connect(callback?: unknown): unknown {
      assert(callback === undefined, 'knex waits for a promise');
      return this.#connect();
    }

    async #connect(): Promise<pg.Client> {
      const late = setTimeout(() => streamOf(this).destroy(), 2 * CONNECT_MS_MAX);
      try {
        await super.connect();
        const { rows } = await this.query<Row>(INSTANCE_SQL);
        const row = present(rows[0], 'the start of the server');
        add(this, { id: text(row, 'id'), isReplica: flag(row, 'replica') });
        return this;
      } catch (error) {
        // When pg itself ends a log-in (no password, an untrusted server) it leaves the socket
        // open, which would occupy a connection of the server for a minute.
        streamOf(this).destroy();
        throw error;
      } finally {
        clearTimeout(late);
      }
    }
  }

  /** The server that the address leads to; null: none answers. */
  async function compare(): Promise<ServerInstance | null> {
    const connection = new ComparedConnection(config);
    connection.on('error', () => undefined);
    try {
      await connection.connect();
      const instance = open.get(connection) ?? null;
      await connection.end();
      return instance;
    } catch {
      return null;
    }
  }

  function watchSilence(connection: pg.Client): () => void {
    const stream = streamOf(connection);
    let heard = stream.bytesRead;
    let timer = setTimeout(check, SILENT_MS_MAX);
    let hasEnded = false;
    function check(): void {
      if (stream.bytesRead !== heard) {
        heard = stream.bytesRead;
        timer = setTimeout(check, SILENT_MS_MAX);
        return;
      }
      comparing ??= compare().finally(() => {
        comparing = null;
      });
      void comparing.then((found) => {
        if (hasEnded) return;
        if (found !== null && found.id !== open.get(connection)?.id) stream.destroy();
        else timer = setTimeout(check, AGAIN_MS);
      });
    }
    return () => {
      hasEnded = true;
      clearTimeout(timer);
    };
  }

  return ComparedConnection;
}

function streamOf(connection: pg.Client): Socket {
  const { stream } = connection.connection;
  assert(stream instanceof Socket, 'a connection is a socket');
  return stream;
}
