/** The HTTPS server of the API. */
import { constants } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { RequestTrail } from '../trail/request-trail.js';
import type { ConnectionLimiter } from './connections.js';
import { delayContinue } from './continue.js';
import { beginHandshakesInTurn } from './handshakes.js';
import { handleSequentially } from './one-by-one.js';
import { answerMalformedRequests, refusePlainHttp } from './unreadable.js';

type ApiTls = {
  readonly key: string;
  readonly certificate: string;
  /**
   * The CAs whose certificates can authenticate accounts, in PEM. The server lists their names in
   * its certificate request.
   */
  readonly authorities: readonly string[];
  readonly deadlines?: ApiDeadlines;
};

/** Deadlines of a connection in milliseconds. `checkMs`: how often Node checks `headersMs`. */
type ApiDeadlines = { readonly handshakeMs: number; readonly headersMs: number; readonly checkMs: number };

type ApiListener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * The default deadlines. `checkMs` is short, because Node checks timeouts every 30 s by default, so
 * a 10 s limit could last 40 s.
 */
const DEADLINES: ApiDeadlines = { handshakeMs: 10_000, headersMs: 10_000, checkMs: 5_000 };

/**
 * Creates the server. It requests a certificate from every client, but a client without one can
 * connect; each route decides whether it needs a certificate.
 */
export function createApiServer(
  listener: ApiListener,
  tls: ApiTls,
  { connections, trail }: { readonly connections: ConnectionLimiter; readonly trail: RequestTrail },
): Server {
  const serve = handleSequentially(({ request, response }) => listener(request, response));
  const { handshakeMs, headersMs, checkMs } = tls.deadlines ?? DEADLINES;
  const server = createServer(
    {
      key: tls.key,
      cert: tls.certificate,
      ca: [...tls.authorities],
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      // A renegotiation costs the server more than the client, and nothing here needs one.
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
      handshakeTimeout: handshakeMs,
      headersTimeout: headersMs,
      // There is no limit for a whole request, because an upload may take hours. Each route limits
      // the time of its body.
      requestTimeout: 0,
      connectionsCheckingInterval: checkMs,
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16 * 1024,
      // Node does not check the Host header field: `app.ts` refuses a request without one, with a
      // problem document.
      requireHostHeader: false,
    },
    (request, response) => serve({ request, response }),
  );
  beginHandshakesInTurn(server, handshakeMs, refusePlainHttp(trail));
  answerMalformedRequests(server, trail);
  delayContinue(server);
  server.maxConnections = connections.connectionsMax;
  server.prependListener('connection', (socket: Socket) => connections.add(socket, socket.remoteAddress ?? ''));
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    // Reads the certificate while the handshake ends. A certificate that OpenSSL cannot verify
    // leaves an error in its queue, which Node would report as a failure of the connection; reading
    // the certificate clears the queue. So the request is refused later with the rule that the
    // certificate violates.
    if (socket.getPeerX509Certificate() === undefined) connections.markAnonymous(socket);
  });
  // Closes a connection without any traffic for five minutes, for example of a client that does not
  // read its response. The slowest request, for a new long CRL, is answered earlier.
  server.timeout = 300_000;
  return server;
}
