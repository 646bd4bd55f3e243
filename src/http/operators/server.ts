/** The HTTP server for operators: liveness, readiness and metrics. */
import { createServer, type Server } from 'node:http';
import { SECOND_MS } from '../../kernel/duration.js';
import type { Json } from '../../kernel/json.js';
import type { Metrics } from '../../observe/metrics.js';
import type { Readiness } from '../../ports/readiness.js';
import { discardBody } from '../server/body.js';
import { handleSequentially } from '../server/one-by-one.js';
import { shareComputation } from './share-computation.js';

/**
 * Everybody with access to the address can request the readiness and the metrics. One computation
 * serves all requests within this time, so that many requests cost little.
 */
const COMPUTED_EVERY_MS = SECOND_MS;
/**
 * While the service is down, the readiness is computed more often, because operators want to see at
 * once when it is back.
 */
const COMPUTED_EVERY_MS_WHILE_DOWN = 100;
const CONNECTIONS_MAX = 128;

/**
 * Wraps the computation of the readiness, so that requests during it, and for a short time after
 * it, share one result.
 */
export function sharedReadiness(compute: () => Promise<Readiness>): () => Promise<Readiness> {
  return shareComputation(compute, (state) =>
    state?.ready === true ? COMPUTED_EVERY_MS : COMPUTED_EVERY_MS_WHILE_DOWN,
  );
}

/**
 * Creates the server. `current`: returns the readiness; it must be a shared computation
 * (`sharedReadiness`).
 */
export function createOperatorsServer(metrics: Metrics, current: () => Promise<Readiness>): Server {
  const currentMetrics = shareComputation(
    // The readiness check asks signers and the database for their metrics. If it fails, the metrics
    // with their previous values are sent.
    () =>
      current()
        .catch(() => undefined)
        .then(() => metrics.registry.metrics()),
    () => COMPUTED_EVERY_MS,
  );
  const serve = handleSequentially(({ request, response }) => {
    const send = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    };
    const sendJson = (status: number, body: Json): void =>
      send(status, 'application/json', `${JSON.stringify(body)}\n`);
    discardBody({ request, response });
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return sendJson(405, { error: 'only GET and HEAD are allowed' });
    }
    switch (request.url) {
      case '/healthz':
        return sendJson(200, { status: 'alive' });
      case '/readyz':
        return void current().then(
          ({ ready, state, parts }) => sendJson(ready ? 200 : 503, { state, parts }),
          () => sendJson(503, { state: 'down' }),
        );
      case '/metrics':
        return void currentMetrics().then(
          (text) => send(200, metrics.registry.contentType, text),
          () => sendJson(500, { error: 'metrics could not be collected' }),
        );
      default:
        return sendJson(404, { error: 'not found; the paths are /healthz, /readyz and /metrics' });
    }
  });
  const limits = { headersTimeout: 5_000, requestTimeout: 10_000, maxHeaderSize: 8 * 1024 };
  const server = createServer(limits, (request, response) => serve({ request, response }));
  server.maxConnections = CONNECTIONS_MAX;
  return server;
}
