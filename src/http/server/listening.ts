/** Binds a server to an address, and shuts it down after the requests in progress are answered. */
import { once } from 'node:events';
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import { connect } from 'node:net';
import { err, ok, type Result } from '../../kernel/result.js';

export type HttpServer = Server | TlsServer;
type Address = { readonly host: string; readonly port: number };
/**
 * A Unix socket. Its folder keeps others out, also until the socket has its mode. `mode`: as of
 * chmod(2).
 */
export type SocketFile = { readonly path: string; readonly mode: number };

const IN_USE = 'the address is in use: is the service already running? Set `listen` in PFCNG_CONFIG to use other ports';

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

/** As `listen`, on a Unix socket. A file that a process has left there is replaced. */
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

/** Tries to bind each address; returns the first error, or null when all are free at the moment. */
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
 * Connections are closed after this time. The next start finishes issuances that a request has
 * begun.
 */
const DRAIN_MS = 10_000;
const IDLE_POLL_MS = 50;

/** Accepts no more connections; resolves when all requests in progress are answered. */
export function drain(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    // Without this, persistent connections would send further requests.
    server.prependListener('request', (_request: unknown, response: ServerResponse) => {
      response.setHeader('connection', 'close');
    });
    // A response that had begun before has no such header; its connection becomes idle afterwards.
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_POLL_MS);
    const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(deadline);
      resolve();
    });
  });
}
