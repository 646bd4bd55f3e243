/**
 * Finds and closes connections to a PostgreSQL server that is no longer the primary. After a
 * failover, the address leads to another server. The machine of the old server may be gone without
 * closing its connections, which TCP notices only after many minutes; or the old server may go on,
 * with data that nobody changes any more. So a new connection to another primary closes all
 * connections to the old one. A connection that is silent while it is in use causes such a new
 * connection.
 */
import { Socket } from 'node:net';
import pg, { type ClientConfig } from 'pg';
import { assert, present } from '../../kernel/assert.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { flag, type Row, text } from '../tables/columns.js';

/**
 * Limit for opening a connection, so that an attempt to reach a machine that is gone does not delay
 * the next attempt.
 */
export const CONNECT_MS_MAX = 3 * SECOND_MS;
/** After this time without an octet from the server, a connection in use counts as silent. */
const SILENT_MS_MAX = 2 * SECOND_MS;
const COMPARE_AGAIN_MS = SECOND_MS;

/** Identifies one start of a server. A promotion does not change `id`. */
type ServerInstance = { readonly id: string; readonly isReplica: boolean };

const INSTANCE_SQL = `select extract(epoch from pg_postmaster_start_time())::text as id, pg_is_in_recovery() as replica`;

export abstract class ServerConnection extends pg.Client {
  /**
   * Watches for silence while work uses the connection. Call the function that it returns when the
   * work ends.
   */
  abstract watch(): () => void;
}

type ConnectionClass = new (config: ClientConfig) => ServerConnection;

/**
 * Returns the class with which the driver makes the connections of a process. `config`: how to open
 * a connection only to compare servers.
 */
export function createConnectionClass(config: ClientConfig): ConnectionClass {
  const open = new Map<pg.Client, ServerInstance>();
  let comparing: Promise<ServerInstance | null> | null = null;

  /**
   * Records a new connection. If it leads to a primary, all connections to other servers are
   * closed. A replica closes none, because several replicas may share an address.
   */
  function recordConnection(connection: pg.Client, instance: ServerInstance): void {
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
        recordConnection(this, { id: text(row, 'id'), isReplica: flag(row, 'replica') });
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

  /** Returns the server to which the address leads now; null: no server answers. */
  async function findCurrentServer(): Promise<ServerInstance | null> {
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
    let bytesReadBefore = stream.bytesRead;
    let timer = setTimeout(check, SILENT_MS_MAX);
    let hasEnded = false;
    function check(): void {
      if (stream.bytesRead !== bytesReadBefore) {
        bytesReadBefore = stream.bytesRead;
        timer = setTimeout(check, SILENT_MS_MAX);
        return;
      }
      comparing ??= findCurrentServer().finally(() => {
        comparing = null;
      });
      void comparing.then((found) => {
        if (hasEnded) return;
        if (found !== null && found.id !== open.get(connection)?.id) stream.destroy();
        else timer = setTimeout(check, COMPARE_AGAIN_MS);
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
