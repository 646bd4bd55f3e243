/** The HTTPS server of the API. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { handleSequentially } from './one-by-one.js';
import { answerMalformedRequests } from './unreadable.js';

type ApiTls = {
  readonly key: string;
  readonly certificate: string;
  /**
   * PEM certificates of the CAs that can authenticate accounts; the server names them in its
   * certificate request.
   */
  readonly authorities: readonly string[];
  /** Limit of a handshake; default: 10 s. */
  readonly handshakeMsMax?: number;
};

const HANDSHAKE_MS_MAX = 10_000;

/** Requests a certificate from every client; each route decides whether it needs one. */
export function createApiServer(
  listener: (request: IncomingMessage, response: ServerResponse) => void,
  tls: ApiTls,
): Server {
  const serve = handleSequentially(({ request, response }) => listener(request, response));
  const server = createServer(
    {
      key: tls.key,
      cert: tls.certificate,
      ca: [...tls.authorities],
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      handshakeTimeout: tls.handshakeMsMax ?? HANDSHAKE_MS_MAX,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      // Node checks timeouts every 30 s by default, so a 10 s limit could last 40 s.
      connectionsCheckingInterval: 5_000,
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16 * 1024,
    },
    (request, response) => serve({ request, response }),
  );
  answerMalformedRequests(server);
  server.maxConnections = 4_000;
  // Closes a connection without any traffic for this time: a client that does not read its
  // response. A client that waits for a large CRL gets its response earlier.
  server.timeout = 300_000;
  return server;
}
