/**
 * The steps around the routes of a server: each request gets its trace, its route or a refusal, an
 * end of its body, and its metrics. An unexpected error is logged and answered with 500.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Router from '@koa/router';
import Koa from 'koa';
import type { Metrics } from '../../observe/metrics.js';
import type { Log } from '../../ports/world.js';
import { text } from '../../texts/text.js';
import type { HttpFailure } from '../api/problems.js';
import { endBody } from '../server/body.js';
import { type ApiExchange, beginTrace, millisecondsSince, type RequestState } from './exchange.js';
import type { RequestTrail } from './request-trail.js';

type AppParts = {
  /** Name of the server in metrics. */
  readonly server: 'api' | 'cmp';
  readonly router: Router<RequestState>;
  readonly trail: RequestTrail;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Called before the request is looked at. The failure with which it is refused; null: none. */
  readonly inspect: (ctx: ApiExchange) => HttpFailure | null;
  /** The failure of a request without a route whose path exists for no method. */
  readonly noRoute: (ctx: ApiExchange) => HttpFailure;
  readonly refuse: (ctx: ApiExchange, failure: HttpFailure) => Promise<void>;
  /** Whether the connection of the client may be used for further requests. */
  readonly keepsConnection: (ctx: ApiExchange) => boolean;
};

/** How long an early answer waits for a short body that nobody needs any more. */
const UNREAD_BODY_DEADLINE_MS = 1_000;

/** Returns the listener of the server's requests. */
export function createApp(parts: AppParts): (request: IncomingMessage, response: ServerResponse) => void {
  const { server, router, trail, metrics, log, inspect, refuse, keepsConnection } = parts;
  const app = new Koa<RequestState>();
  app.silent = true;
  app.use(async (ctx, next) => {
    const started = process.hrtime.bigint();
    beginTrace({ trail }, ctx, started);
    try {
      const refused = formFault(ctx) ?? inspect(ctx);
      if (refused !== null) await refuse(ctx, refused);
      else await next();
      if (ctx.status === 404 && ctx.body === undefined) await refuse(ctx, unmatched(parts, ctx));
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const { requestId, route } = ctx.state;
      log.error('http.fault', { requestId, route: route?.path ?? null, message });
      await refuse(ctx, { kind: 'internal-error', message: text('unexpected') });
    }
    await endBody({ request: ctx.req, response: ctx.res }, UNREAD_BODY_DEADLINE_MS);
    if (!keepsConnection(ctx)) ctx.set('connection', 'close');
    const route = typeof ctx._matchedRoute === 'string' ? ctx._matchedRoute : 'none';
    metrics.httpRequests.inc({ server, route, status: ctx.status });
    metrics.httpSeconds.observe({ server, route }, millisecondsSince(started) / 1_000);
  });
  app.use(router.routes());
  return app.callback();
}

/** null: the header fields are those that HTTP wants. */
function formFault({ req: { httpVersionMajor, httpVersionMinor, headers } }: ApiExchange): HttpFailure | null {
  // RFC 9112 3.2.
  const needsHost = httpVersionMajor === 1 && httpVersionMinor === 1;
  if (needsHost && headers.host === undefined) return { kind: 'host-missing' };
  const { expect = '' } = headers;
  // `continue.ts` answers this expectation.
  return expect === '' || /\b100-continue\b/i.test(expect) ? null : { kind: 'expectation-failed' };
}

/** The failure of a request without a route: the path does not exist, or has other methods. */
function unmatched({ router, noRoute }: Pick<AppParts, 'router' | 'noRoute'>, ctx: ApiExchange): HttpFailure {
  const methods = router.match(ctx.path, ctx.method).path.flatMap((layer) => layer.methods);
  return methods.length > 0 ? { kind: 'method-not-allowed', allow: [...new Set(methods)] } : noRoute(ctx);
}
