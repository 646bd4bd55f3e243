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
   * PEM certificates of the CAs that can authenticate accounts; the server names them in its
   * certificate request.
   */
  readonly authorities: readonly string[];
  readonly deadlines?: ApiDeadlines;
};

/** `checkMs`: how often the deadline of the header fields is checked. */
type ApiDeadlines = { readonly handshakeMs: number; readonly headersMs: number; readonly checkMs: number };

type ApiListener = (request: IncomingMessage, response: ServerResponse) => void;

/** Node checks timeouts every 30 s by default, so a 10 s limit could last 40 s. */
const DEADLINES: ApiDeadlines = { handshakeMs: 10_000, headersMs: 10_000, checkMs: 5_000 };

/** Requests a certificate from every client; each route decides whether it needs one. */
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
      // Each route has its own deadlines: an upload may take hours.
      requestTimeout: 0,
      connectionsCheckingInterval: checkMs,
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16 * 1024,
      // `app.ts` refuses it, with a problem document.
      requireHostHeader: false,
    },
    (request, response) => serve({ request, response }),
  );
  beginHandshakesInTurn(server, handshakeMs, refusePlainHttp(trail));
  answerMalformedRequests(server, trail);
  delayContinue(server);
  server.maxConnections = connections.connectionsMax;
  server.prependListener('connection', (socket: Socket) => connections.arrived(socket, socket.remoteAddress ?? ''));
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    // A certificate that OpenSSL cannot verify leaves an error in its queue, which Node would
    // report as a failure of the connection. Reading the certificate here, while the handshake
    // ends, clears the queue, so that the request is refused with the rule that the certificate
    // violates.
    if (socket.getPeerX509Certificate() === undefined) connections.markAnonymous(socket);
  });
  // Closes a connection without any traffic for this time: a client that does not read its
  // response. A client that waits for a large CRL gets its response earlier.
  server.timeout = 300_000;
  return server;
}
