/**
 * Binds a server to an address or a Unix socket, and shuts it down after the requests in progress
 * are answered.
 */
import { once } from 'node:events';
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import { connect } from 'node:net';
import { err, ok, type Result } from '../../kernel/result.js';

export type HttpServer = Server | TlsServer;
type Address = { readonly host: string; readonly port: number };
/**
 * A Unix socket. `mode`: its permission bits, as for chmod(2). The socket gets its mode only after
 * it was created, so until then the permissions of its folder must keep other users out.
 */
export type SocketFile = { readonly path: string; readonly mode: number };

const IN_USE = 'the address is in use: is the service already running? Set `listen` in PFCNG_CONFIG to use other ports';

/**
 * Listens on a TCP address. Resolves when the server accepts connections, or with the error as a
 * text.
 */
export function listen(server: HttpServer, { host, port }: Address): Promise<Result<void, string>> {
  return new Promise((resolve) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      const hint = error.code === 'EADDRINUSE' ? IN_USE : '';
      resolve(err(`${host}:${port}: ${error.message} ${hint}`.trim()));
    };
    server.once('error', onError);
    server.listen(port, host, () => {
      server.off('error', onError);
      resolve(ok(undefined));
    });
  });
}

/**
 * Listens on a Unix socket. A socket file that an ended process has left is replaced; it is an
 * error if another process still serves it, or if the path is another kind of file.
 */
export async function listenOnSocket(server: HttpServer, { path, mode }: SocketFile): Promise<Result<void, string>> {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isSocket()) return err(`${path}: there is another file`);
  if (stat !== undefined && (await isServed(path))) return err(`${path}: another process serves it`);
  if (stat !== undefined) rmSync(path);
  return new Promise((resolve) => {
    const onError = (error: Error): void => resolve(err(`${path}: ${error.message}`));
    server.once('error', onError);
    server.listen(path, () => {
      server.off('error', onError);
      chmodSync(path, mode);
      resolve(ok(undefined));
    });
  });
}

function isServed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const answer = (served: boolean) => (): void => {
      socket.destroy();
      resolve(served);
    };
    socket.once('connect', answer(true)).once('error', answer(false));
  });
}

/** Binds each address for a moment. Returns the first error; null: all addresses are free now. */
export async function findAddressInUse(addresses: readonly Address[]): Promise<string | null> {
  for (const address of addresses) {
    const server = createServer();
    const listening = await listen(server, address);
    if (!listening.ok) return listening.error;
    server.close();
    await once(server, 'close');
  }
  return null;
}

/**
 * How long a shutdown waits for requests in progress; then their connections are closed. An
 * issuance that such a request has begun is finished or abandoned after the next start.
 */
const DRAIN_MS = 10_000;
const IDLE_POLL_MS = 50;

/**
 * Shuts a server down: it accepts no more connections, and the promise resolves when all requests
 * in progress are answered, or after `DRAIN_MS`.
 */
export function drain(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    // Every further response closes its connection, so that persistent connections send no more
    // requests.
    server.prependListener('request', (_request: unknown, response: ServerResponse) => {
      response.setHeader('connection', 'close');
    });
    // A response that had already begun does not have this header field. Its connection is idle
    // after it and is closed here.
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_POLL_MS);
    const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(deadline);
      resolve();
    });
  });
}
