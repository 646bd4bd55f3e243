/**
 * The server for a proxy that ends the TLS of clients: plain HTTP on a Unix socket that only the
 * proxy can open. It handles the requests of the API. The proxy states in header fields who the
 * client of each request is (`headers.ts`), and client certificates are checked as on the listener
 * with TLS.
 *
 * A connection has one request only. If the proxy and node:http disagreed about where a request
 * ends, its rest would be read as a further request on the same connection, and a client could
 * write the header fields of that request itself.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { SECOND_MS } from '../../kernel/duration.js';
import type { CmpConnections } from '../cmp/connections.js';
import { isCmpPath } from '../cmp/paths.js';
import { recordProxyStatement } from '../server/client-of.js';
import type { ConnectionLimiter } from '../server/connections.js';
import { delayContinue } from '../server/continue.js';
import { answerMalformedRequests } from '../server/unreadable.js';
import type { RequestTrail } from '../trail/request-trail.js';
import { readProxyHeaders } from './headers.js';

type ProxyServerParts = {
  /**
   * Shared with the listener with TLS, so that the connections of a client through both count
   * together.
   */
  readonly connections: ConnectionLimiter;
  /** Shared with the CMP server, for the connections of CMP clients. */
  readonly cmpConnections: CmpConnections;
  readonly trail: RequestTrail;
};

export function createProxyServer(
  listener: (request: IncomingMessage, response: ServerResponse) => void,
  { connections, cmpConnections, trail }: ProxyServerParts,
): Server {
  const limits = {
    headersTimeout: 10 * SECOND_MS,
    // Each route has its own deadlines: an upload may take hours.
    requestTimeout: 0,
    // Node checks timeouts every 30 s by default, so a 10 s limit could last 40 s.
    connectionsCheckingInterval: 5 * SECOND_MS,
    maxHeaderSize: 16 * 1024,
    // Node does not check the Host header field: `app.ts` refuses a request without one, with a
    // problem document.
    requireHostHeader: false,
  };
  const used = new WeakSet<Socket>();
  const server = createServer(limits, (request, response) => {
    const { socket } = request;
    if (used.has(socket)) {
      socket.destroy();
      return;
    }
    used.add(socket);
    response.shouldKeepAlive = false;
    const read = readProxyHeaders(request.headers);
    if (read.ok) {
      const { address, certificate } = read.value;
      recordProxyStatement(request, { client: read.value });
      const [path = ''] = (request.url ?? '').split('?', 1);
      if (isCmpPath({ path })) cmpConnections.add(socket, address);
      else {
        connections.add(socket, address);
        if (certificate === null) connections.markAnonymous(socket);
      }
    } else recordProxyStatement(request, { client: null, fault: read.error });
    listener(request, response);
  });
  answerMalformedRequests(server, trail);
  delayContinue(server);
  server.maxConnections = connections.connectionsMax + cmpConnections.connectionsMax;
  // Closes a connection without any traffic for five minutes, for example of a client that does not
  // read its answer.
  server.timeout = 300 * SECOND_MS;
  return server;
}
