/** The HTTP server for operators: liveness, readiness and metrics. */
import { createServer, type Server } from 'node:http';
import type { Json } from '../../kernel/json.js';
import type { Metrics } from '../../observe/metrics.js';
import { handleSequentially } from '../server/one-by-one.js';

export type Readiness = {
  readonly ready: boolean;
  readonly state: 'ready' | 'degraded' | 'down';
  readonly parts: Json;
};

export function createOperatorsServer(metrics: Metrics, readiness: () => Promise<Readiness>): Server {
  const serve = handleSequentially(({ request, response }) => {
    const send = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    };
    const sendJson = (status: number, body: Json): void =>
      send(status, 'application/json', `${JSON.stringify(body)}\n`);
    request.resume();
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return sendJson(405, { error: 'only GET and HEAD are allowed' });
    switch (request.url) {
      case '/healthz':
        return sendJson(200, { status: 'alive' });
      case '/readyz':
        return void readiness().then(
          ({ ready, state, parts }) => sendJson(ready ? 200 : 503, { state, parts }),
          () => sendJson(503, { state: 'down' }),
        );
      case '/metrics':
        // The readiness check updates metrics that signers and the database count. If it fails, the
        // previous values are returned.
        return void readiness()
          .catch(() => undefined)
          .then(() => metrics.registry.metrics())
          .then(
            (text) => send(200, metrics.registry.contentType, text),
            () => sendJson(500, { error: 'metrics could not be collected' }),
          );
      default:
        return sendJson(404, { error: 'not found; the paths are /healthz, /readyz and /metrics' });
    }
  });
  const limits = { headersTimeout: 5_000, requestTimeout: 10_000, maxHeaderSize: 8 * 1024 };
  return createServer(limits, (request, response) => serve({ request, response }));
}
