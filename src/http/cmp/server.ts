/**
 * The server of CMP over plain HTTP (RFC 9811 3.1): messages protect themselves, and a device has
 * no certificate to trust before its first one. It has the paths of CMP and nothing else.
 */

import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import Router from '@koa/router';
import { networkOf } from '../../access/networks.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { text } from '../../texts/text.js';
import { createBoundedGroup } from '../server/bounded-group.js';
import { delayContinue } from '../server/continue.js';
import { answerInVersionOf } from '../server/http-10.js';
import { handleSequentially } from '../server/one-by-one.js';
import { answerMalformedRequests } from '../server/unreadable.js';
import { createApp } from '../trail/app.js';
import type { RequestState } from '../trail/exchange.js';
import { sendWords } from '../trail/words.js';
import { type CmpServing, mountCmp } from './routes.js';

type CmpServerOptions = CmpServing & { readonly connectionsMax: number };

/** An address has at most this share of the connections. */
const SHARE_OF_ADDRESS = 1 / 4;

export function createCmpServer({ connectionsMax, ...serving }: CmpServerOptions): Server {
  const { trail, metrics, world } = serving;
  // A path has exactly one spelling.
  const router = new Router<RequestState>({ strict: true, sensitive: true });
  mountCmp(router, serving);
  const listener = createApp({
    server: 'cmp',
    router,
    trail,
    metrics,
    log: world.log,
    inspect: (ctx) => {
      answerInVersionOf({ request: ctx.req, response: ctx.res });
      return null;
    },
    noRoute: () => ({ kind: 'not-found', message: text('cmp-paths') }),
    refuse: (ctx, failure) => sendWords(serving, ctx, { failure }),
    keepsConnection: () => true,
  });
  const serve = handleSequentially(({ request, response }) => listener(request, response));
  const limits = {
    headersTimeout: 10 * SECOND_MS,
    requestTimeout: 15 * SECOND_MS,
    // Node checks timeouts every 30 s by default, so a 10 s limit could last 40 s.
    connectionsCheckingInterval: 5 * SECOND_MS,
    // A client verifies its certificate before it sends certConf on the same connection.
    keepAliveTimeout: 15 * SECOND_MS,
    maxHeaderSize: 16 * 1024,
  };
  const server = createServer(limits, (request, response) => serve({ request, response }));
  answerMalformedRequests(server, trail);
  delayContinue(server);
  shareConnections(server, connectionsMax);
  // Closes a connection without any traffic for this time: a client that does not read its answer.
  server.timeout = 60 * SECOND_MS;
  return server;
}

/** Beyond the limit a new connection replaces the oldest one of its address, or of all. */
function shareConnections(server: Server, connectionsMax: number): void {
  const perOwner = Math.max(2, Math.floor(connectionsMax * SHARE_OF_ADDRESS));
  const open = createBoundedGroup<Socket>({ total: connectionsMax, perOwner });
  server.on('connection', (socket) => {
    const owner = networkOf(socket.remoteAddress ?? '');
    const replaced = open.toReplace(owner);
    if (replaced !== null) {
      open.remove(replaced);
      replaced.destroy();
    }
    open.add(socket, owner);
    socket.once('close', () => open.remove(socket));
  });
}
