/** Ports of this machine for servers that tests start. */
import { randomInt } from 'node:crypto';
import { connect, createServer, type Server } from 'node:net';

export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/**
 * Below those that the system gives to whoever connects somewhere: a service that is started
 * again finds its own still free.
 */
const PORTS = { from: 10_000, to: 32_000 };
const ROWS_MAX = 200;

/**
 * Returns consecutive ports, as the processes of one responder need them. All are bound at once and
 * then released.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  for (let tried = 0; tried < ROWS_MAX; tried += 1) {
    const first = randomInt(PORTS.from, PORTS.to);
    const ports = Array.from({ length: count }, (_, at) => first + at);
    const servers = await Promise.all(ports.map(bind));
    const bound = servers.filter((server) => server !== null);
    await Promise.all(bound.map((server) => new Promise((resolve) => server.close(resolve))));
    if (bound.length === count) return ports;
  }
  throw new Error(`no ${count} free ports in a row from ${PORTS.from} to ${PORTS.to}`);
}

function bind(port: number): Promise<Server | null> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}
