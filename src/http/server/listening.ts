/** Taking an address, and leaving it without turning away whoever was let in. */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import { err, ok, type Result } from '../../kernel/result.js';

export type HttpServer = Server | TlsServer;
type Address = { readonly host: string; readonly port: number };

const TAKEN = 'another program listens there: is the service running already? Other ports: `listen` in PFCNG_CONFIG';

export function listen(server: HttpServer, { host, port }: Address): Promise<Result<void, string>> {
  return new Promise((resolve) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      const taken = error.code === 'EADDRINUSE' ? TAKEN : '';
      resolve(err(`${host}:${port}: ${error.message} ${taken}`.trim()));
    };
    server.once('error', onError);
    server.listen(port, host, () => {
      server.off('error', onError);
      resolve(ok(undefined));
    });
  });
}

/** What is wrong with the first of these addresses that cannot be had; null: nothing, for now. */
export async function findTaken(addresses: readonly Address[]): Promise<string | null> {
  for (const address of addresses) {
    const server = createServer();
    const listening = await listen(server, address);
    if (!listening.ok) return listening.error;
    server.close();
    await once(server, 'close');
  }
  return null;
}

/** Requests that take longer are broken off: what they began is finished by the next start. */
const DRAIN_MS = 10_000;
const IDLE_POLL_MS = 50;

/** Nobody is let in any more; resolves when the last one inside has its answer. */
export function drain(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    // Kept-alive connections would bring new requests as long as they are answered.
    server.prependListener('request', (_request: unknown, response: ServerResponse) => {
      response.setHeader('connection', 'close');
    });
    // One whose answer was under way when this began did not hear of it, and is idle after its answer.
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_POLL_MS);
    const impatience = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(impatience);
      resolve();
    });
  });
}
