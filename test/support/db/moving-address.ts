/**
 * A TCP address in front of PostgreSQL servers, like a name that follows the primary. Its server
 * can also fall silent, like a machine that lost its power: connections stay open, and nothing
 * comes back.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../machine/ports.js';
import type { PostgresqlDatabase } from './postgresql-cluster.js';

export type MovingAddress = {
  /** The database at this address, wherever it leads. */
  readonly of: (database: PostgresqlDatabase) => PostgresqlDatabase;
  /** New connections go to the server of this database. Those that are open stay where they are. */
  readonly moveTo: (database: PostgresqlDatabase) => void;
  /** No octet passes any more through the connections that are open, and new ones get no answer. */
  readonly silence: () => void;
  readonly remove: () => Promise<void>;
};

export async function createMovingAddress(first: PostgresqlDatabase): Promise<MovingAddress> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  /** null: nobody answers. */
  let server: PostgresqlDatabase | null = first;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const listener = createServer((client) => {
    keep(client);
    if (server === null) return;
    const target = keep(connect(join(server.host, `.s.PGSQL.${server.port}`)));
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const)
      from.pipe(to).on('close', () => from.destroy());
  });
  listener.listen(port, '127.0.0.1');
  await once(listener, 'listening');
  return {
    of: (database) => ({ ...database, host: '127.0.0.1', port }),
    moveTo: (database) => {
      server = database;
    },
    silence: () => {
      server = null;
      for (const socket of sockets) socket.unpipe().pause();
    },
    remove: async () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}
