/**
 * Makes the Koa application around the routes of a server. Each request gets an id and a log line,
 * is answered by its route or refused, has the rest of its body discarded, and is counted in
 * metrics. An unexpected error is logged and answered with 500.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Router from '@koa/router';
import Koa from 'koa';
import { errorStack } from '../../kernel/errors.js';
import type { Metrics } from '../../observe/metrics.js';
import type { Log } from '../../ports/world.js';
import { text } from '../../texts/text.js';
import type { HttpFailure } from '../api/problems.js';
import { endBody } from '../server/body.js';
import { type ApiExchange, beginTrace, millisecondsSince, type RequestState } from './exchange.js';
import type { RequestTrail } from './request-trail.js';

type AppParts = {
  /** The name of the server in the labels of metrics. */
  readonly server: 'api' | 'cmp';
  /** A request goes to the first of these that has a route for its method and path. */
  readonly routers: readonly Router<RequestState>[];
  readonly trail: RequestTrail;
  readonly metrics: Metrics;
  readonly log: Log;
  /**
   * Called before the request is routed. Returns the failure with which it is refused; null: it
   * goes on.
   */
  readonly inspect: (ctx: ApiExchange) => HttpFailure | null;
  /** Returns the failure of a request whose path has no route for any method. */
  readonly noRoute: (ctx: ApiExchange) => HttpFailure;
  readonly refuse: (ctx: ApiExchange, failure: HttpFailure) => Promise<void>;
  /** Whether the connection of the client may be used for further requests. */
  readonly keepsConnection: (ctx: ApiExchange) => boolean;
};

/** How long an answer waits for the rest of a short body that no handler needs. */
const UNREAD_BODY_DEADLINE_MS = 1_000;

/** Returns the request listener of the server. */
export function createApp(parts: AppParts): (request: IncomingMessage, response: ServerResponse) => void {
  const { server, routers, trail, metrics, log, inspect, refuse, keepsConnection } = parts;
  const app = new Koa<RequestState>();
  app.silent = true;
  app.use(async (ctx, next) => {
    const started = process.hrtime.bigint();
    beginTrace({ trail }, ctx, started);
    try {
      const refused = headerFieldFailure(ctx) ?? inspect(ctx);
      if (refused !== null) await refuse(ctx, refused);
      else await next();
      if (ctx.status === 404 && ctx.body === undefined) await refuse(ctx, unmatched(parts, ctx));
    } catch (error) {
      const { requestId, route } = ctx.state;
      log.error('http.fault', { requestId, route: route?.path ?? null, message: errorStack(error) });
      await refuse(ctx, { kind: 'internal-error', message: text('unexpected') });
    }
    await endBody({ request: ctx.req, response: ctx.res }, UNREAD_BODY_DEADLINE_MS);
    if (!keepsConnection(ctx)) ctx.set('connection', 'close');
    const route = typeof ctx._matchedRoute === 'string' ? ctx._matchedRoute : 'none';
    metrics.httpRequests.inc({ server, route, status: ctx.status });
    metrics.httpSeconds.observe({ server, route }, millisecondsSince(started) / 1_000);
  });
  for (const router of routers) app.use(router.routes());
  return app.callback();
}

/**
 * Returns why the header fields are refused: Host is missing, or Expect is not supported. null:
 * neither is the case.
 */
function headerFieldFailure({ req: { httpVersionMajor, httpVersionMinor, headers } }: ApiExchange): HttpFailure | null {
  // HTTP/1.1 requires Host (RFC 9112 3.2).
  const needsHost = httpVersionMajor === 1 && httpVersionMinor === 1;
  if (needsHost && headers.host === undefined) return { kind: 'host-missing' };
  const { expect = '' } = headers;
  // `continue.ts` handles 100-continue.
  return expect === '' || /\b100-continue\b/i.test(expect) ? null : { kind: 'expectation-failed' };
}

/**
 * Returns the failure of a request without a route: the path does not exist, or has other methods.
 */
function unmatched({ routers, noRoute }: Pick<AppParts, 'routers' | 'noRoute'>, ctx: ApiExchange): HttpFailure {
  const layers = routers.flatMap((router) => router.match(ctx.path, ctx.method).path);
  const methods = layers.flatMap((layer) => layer.methods);
  return methods.length > 0 ? { kind: 'method-not-allowed', allow: [...new Set(methods)] } : noRoute(ctx);
}
