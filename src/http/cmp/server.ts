/**
 * The CMP server over plain HTTP (RFC 9811 3.1). TLS is not needed, because CMP messages carry
 * their own protection, and a device has no trusted certificate before its first enrolment. This
 * server has the CMP paths only.
 */
import { createServer, type Server } from 'node:http';
import Router from '@koa/router';
import { SECOND_MS } from '../../kernel/duration.js';
import { notFound } from '../../operations/failures.js';
import { delayContinue } from '../server/continue.js';
import { answerInVersionOf } from '../server/http-10.js';
import { handleSequentially } from '../server/one-by-one.js';
import { answerMalformedRequests } from '../server/unreadable.js';
import { createApp } from '../trail/app.js';
import type { RequestState } from '../trail/exchange.js';
import { sendPlainTextFailure } from '../trail/plain-text-failure.js';
import { type CmpServing, mountCmp } from './routes.js';

export function createCmpServer(serving: CmpServing): Server {
  const { trail, metrics, world, connections } = serving;
  // Upper and lower case and a trailing slash matter, so that a path has exactly one spelling.
  const router = new Router<RequestState>({ strict: true, sensitive: true });
  mountCmp(router, serving);
  const listener = createApp({
    server: 'cmp',
    routers: [router],
    trail,
    metrics,
    log: world.log,
    inspect: (ctx) => {
      answerInVersionOf({ request: ctx.req, response: ctx.res });
      return null;
    },
    noRoute: () => notFound('cmp-paths'),
    refuse: (ctx, failure) => sendPlainTextFailure(serving, ctx, { failure }),
    keepsConnection: () => true,
  });
  const serve = handleSequentially(({ request, response }) => listener(request, response));
  const limits = {
    headersTimeout: 10 * SECOND_MS,
    requestTimeout: 15 * SECOND_MS,
    // Node checks timeouts every 30 s by default, so a 10 s limit could last 40 s.
    connectionsCheckingInterval: 5 * SECOND_MS,
    // After it has got its certificate, a client verifies it and then sends certConf on the same
    // connection, so the connection stays open for this time.
    keepAliveTimeout: 15 * SECOND_MS,
    maxHeaderSize: 16 * 1024,
    // Node does not check the Host header field: `app.ts` refuses a request without one, with a
    // text that says why.
    requireHostHeader: false,
  };
  const server = createServer(limits, (request, response) => serve({ request, response }));
  answerMalformedRequests(server, trail);
  delayContinue(server);
  server.on('connection', (socket) => connections.add(socket, socket.remoteAddress ?? ''));
  // Closes a connection without any traffic for this time, for example of a client that does not
  // read its answer.
  server.timeout = 60 * SECOND_MS;
  return server;
}
