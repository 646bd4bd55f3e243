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
const BLOCK = 100;
const BLOCKS = (PORTS.to - PORTS.from) / BLOCK;

/** The ports of this process that were not returned yet: from `next`, before `end`. */
let next = 0;
let end = 0;
/** Calls follow one another, so that each port is returned once. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Returns consecutive ports, as the processes of one responder need them. No other test takes them
 * before this process ends, also while no server listens on them: each process has blocks of its
 * own, and listens on the first port of a block as long as it lives.
 */
export function freePorts(count: number): Promise<readonly number[]> {
  const ports = turn.then(() => takePorts(count));
  turn = ports.catch(() => undefined);
  return ports;
}

export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

async function takePorts(count: number): Promise<readonly number[]> {
  for (;;) {
    if (next + count > end) await claimBlock();
    const ports = Array.from({ length: count }, (_, at) => next + at);
    next += count;
    // A server that an ended process left behind, or one that is no test's, may listen here.
    const servers = await Promise.all(ports.map(bind));
    const bound = servers.filter((server) => server !== null);
    await Promise.all(bound.map((server) => new Promise((resolve) => server.close(resolve))));
    if (bound.length === count) return ports;
  }
}

async function claimBlock(): Promise<void> {
  const begin = randomInt(BLOCKS);
  for (let tried = 0; tried < BLOCKS; tried += 1) {
    const first = PORTS.from + ((begin + tried) % BLOCKS) * BLOCK;
    const guard = await bind(first);
    if (guard === null) continue;
    guard.unref();
    next = first + 1;
    end = first + BLOCK;
    return;
  }
  throw new Error(`each block of ${BLOCK} ports from ${PORTS.from} to ${PORTS.to} is in use: end other runs of tests`);
}

function bind(port: number): Promise<Server | null> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
