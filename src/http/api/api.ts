/**
 * The REST API, and the listener that also serves the console, EST, CMP and `/docs`. Each route of
 * the table goes through the same steps in the same order: authenticate the client, check that a
 * role of its account permits the action, validate the query, read and validate the body, call the
 * handler, respond. A streamed body is read by its handler instead.
 */
import type { RequestListener } from 'node:http';
import Router from '@koa/router';
import { isOfOfficers } from '../../access/break-glass.js';
import { type CertifiedPrincipal, decidePrincipal } from '../../access/principal.js';
import type { Action } from '../../access/roles.js';
import type { Bytes } from '../../kernel/bytes.js';
import { memoize } from '../../kernel/memoize.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { notFound } from '../../operations/failures.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Log } from '../../ports/world.js';
import { fault } from '../../texts/text.js';
import { isCmpPath } from '../cmp/paths.js';
import { type CmpServing, mountCmp } from '../cmp/routes.js';
import { mountConsole } from '../console/router.js';
import { isDocsPath, mountDocs } from '../docs/serve.js';
import { sendFailure as sendEstFailure } from '../est/answer.js';
import { isEstPath } from '../est/paths.js';
import { mountEst } from '../est/routes.js';
import { type Admission, type AdmissionLimits, createAdmission } from '../server/admission.js';
import { proxyFault, usedPlainHttp } from '../server/client-of.js';
import { createExportLimiter, EXPORT_LIMITS, type ExportLimiter, endWithResponse } from '../server/export-limiter.js';
import { answerInVersionOf } from '../server/http-10.js';
import { createApp } from '../trail/app.js';
import {
  type ApiExchange,
  authenticateAndAdmit,
  claimantOf,
  type ExchangeParts,
  isCrossSite,
  languageOf,
  type RequestState,
  type RoutedExchange,
  recordRefusal,
} from '../trail/exchange.js';
import { sendText, yieldWhilePermitted } from '../trail/long-answers.js';
import { sendPlainTextFailure } from '../trail/plain-text-failure.js';
import { worldOfRequest } from '../trail/request-world.js';
import { suggestPath } from './document/suggest-path.js';
import {
  type ApiContext,
  CsvLines,
  type HandlerAnswer,
  type JsonLines,
  RepeatedAnswer,
  type StreamRequest,
} from './handler.js';
import { readJsonRequest } from './json-request.js';
import { openApiDocument } from './openapi.js';
import { type HttpFailure, problemOf } from './problems.js';
import type { Route, StreamRoute } from './route.js';
import { ROUTES } from './routes.js';
import { openStreamRequest } from './stream-request.js';
import { validateQuery } from './validate.js';

export type ApiOptions = ExchangeParts & {
  readonly context: ApiContext;
  readonly version: string;
  readonly url: string;
  readonly cmp: CmpServing;
  /** The folder of the operator's theme of the console; it may not exist. */
  readonly themeFolder: string;
  /** What this process serves; default: everything. `console`: only the pages of the console. */
  readonly serves?: 'everything' | 'console';
  /** The key of the MACs in the tokens of the console's forms. */
  readonly formKey: Bytes;
  /** Limits of requests in progress; default: `ADMISSION_LIMITS`. */
  readonly admission?: AdmissionLimits;
};

/**
 * Limits of requests in progress. At a thousand requests per second, the last of 512 requests waits
 * half a second. The queues of the database and of the signers are longer than this limit.
 */
const ADMISSION_LIMITS = { placesMax: 512, reserved: 64, perAccountMax: 192 };
/**
 * Limits of streamed requests in progress. Each of them has one part of an upload in memory and may
 * last for hours, so one account cannot take all places.
 */
const STREAM_LIMITS = { placesMax: 8, reserved: 0, perAccountMax: 6 };
/**
 * Actions whose requests count as interactive work. While there is such work, lines of orders take
 * smaller shares of the database and the signers (`src/kernel/interactive-work.ts`).
 */
const INTERACTIVE_ACTIONS: ReadonlySet<Action> = new Set(['issue', 'renew', 'revoke', 'suspend', 'release']);
/** Actions to which the limits of an account apply. Revocation is not limited. */
const LIMITED_ACTIONS: ReadonlySet<Action> = new Set(['issue', 'renew']);
/**
 * Actions that stop certificates from being used. Requests of accounts for them can use the
 * reserved places when all others are taken.
 */
const URGENT_ACTIONS: ReadonlySet<Action> = new Set(['revoke', 'revoke-many', 'suspend', 'block-key', 'publish-crl']);

/** Returns the request listener of the API server. */
export function createApi(options: ApiOptions): RequestListener {
  // Upper and lower case and a trailing slash matter, so that a path has exactly one spelling.
  const createRouter = () => new Router<RequestState>({ strict: true, sensitive: true });
  // A router compares the path of a request with each of its routes, and the console has more
  // routes than the API. So the console has a router of its own.
  const routers = { api: createRouter(), console: createRouter() };
  const serving = {
    ...options,
    admission: createAdmission(options.admission ?? ADMISSION_LIMITS),
    streams: createAdmission(STREAM_LIMITS),
    exports: createExportLimiter(EXPORT_LIMITS),
  };
  if (options.serves !== 'console') {
    mountRoutes(routers.api, serving);
    mountEst(routers.api, serving);
    mountCmp(routers.api, options.cmp);
  }
  const answerOnConsole = mountConsole(routers.console, serving);
  const refuse = (ctx: ApiExchange, failure: HttpFailure): Promise<void> => {
    if (isConsolePath(ctx)) return answerOnConsole(ctx, failure);
    if (isCmpPath(ctx)) return sendPlainTextFailure(options, ctx, { failure });
    return isEstPath(ctx) ? sendEstFailure(options, ctx, failure) : answerFailure(options, ctx, failure);
  };
  return createApp({
    ...options,
    server: 'api',
    routers: [routers.api, routers.console],
    log: options.context.world.log,
    inspect: (ctx) => {
      if (isEstPath(ctx)) answerInVersionOf({ request: ctx.req, response: ctx.res });
      const broken = proxyFault(ctx.req);
      if (broken !== null) return { kind: 'invalid-request', pointer: '', ...broken };
      if (usedPlainHttp(ctx.req) && !isCmpPath(ctx)) return PLAIN_HTTP;
      return !isConsolePath(ctx) && !isDocsPath(ctx) && isCrossSite(ctx) ? CROSS_SITE : null;
    },
    noRoute: (ctx) => ({ kind: 'no-such-route', suggestion: suggestPath(ctx.method, ctx.path) }),
    refuse,
    keepsConnection: ({ req }) => options.connections.isAdmitted(req.socket),
  });
}

/**
 * The OpenAPI document is the same for every client, so it is serialized once: at the first
 * request, because it would delay the start by a tenth of a second. It is stored as bytes, because
 * Node would encode a string again for each response, and any client may request this document.
 */
const documentFor = memoize((serving: ServingOptions) => Buffer.from(JSON.stringify(openApiDocument(serving))));

function mountRoutes(router: Router<RequestState>, serving: ServingOptions): void {
  router.get('/openapi.json', (ctx) => {
    ctx.type = 'json';
    ctx.body = documentFor(serving);
  });
  mountDocs(router, serving);
  for (const route of ROUTES) {
    const path = route.path.replace(/\{(\w+)\}/g, ':$1');
    router[route.method](path, (ctx) => serve(serving, route, ctx));
  }
}

/** CMP messages carry their own protection; everything else requires TLS. */
const PLAIN_HTTP = { kind: 'not-permitted', ...fault('tls-used') } as const;

/**
 * Cross-site requests are refused. A browser sends the client certificate with every request,
 * whichever site has caused it, so another site could use the API in the name of the user.
 */
const CROSS_SITE = { kind: 'not-permitted', ...fault('same-origin') } as const;

function isConsolePath({ path }: ApiExchange): boolean {
  return path === '/console' || path.startsWith('/console/');
}

type ServingOptions = Omit<ApiOptions, 'admission'> & {
  readonly admission: Admission;
  /** Limits streamed requests in progress, which are counted apart from the other requests. */
  readonly streams: Admission;
  /** Limits answers of many lines, of the API and of the console together. */
  readonly exports: ExportLimiter;
};

async function serve(options: ServingOptions, route: Route, ctx: RoutedExchange): Promise<void> {
  ctx.state.route = route;
  const outcome = await handle(options, route, ctx);
  if (!outcome.ok) return answerFailure(options, ctx, outcome.error);
  const { value } = outcome;
  const { status, repeated = status } = route.success;
  ctx.status = value instanceof RepeatedAnswer ? repeated : status;
  ctx.set('cache-control', cacheControlOf(route, value));
  // A streamed route may send lines while it still reads the body. Whether the body will be
  // complete is not known yet, so the connection is closed after the response in any case.
  if (route.kind === 'stream' && isLines(value)) ctx.set('connection', 'close');
  const { log } = options.context.world;
  if (isLines(value)) sendLines(ctx, { lines: value, format: NDJSON, log });
  else if (value instanceof CsvLines) sendLines(ctx, { lines: value.lines, format: CSV, log });
  else ctx.body = value instanceof RepeatedAnswer ? value.answer : value;
}

function cacheControlOf(route: Route, answer: HandlerAnswer): string {
  if (route.kind !== 'json' || route.cacheControl === undefined) return 'no-store';
  if (isLines(answer) || answer instanceof RepeatedAnswer || answer instanceof CsvLines) return 'no-store';
  return route.cacheControl(answer);
}

function isLines(value: HandlerAnswer): value is JsonLines {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

type LineFormat = { readonly type: string; readonly end: string };
const NDJSON: LineFormat = { type: 'application/x-ndjson', end: '\n' };
const CSV: LineFormat = { type: 'text/csv; charset=utf-8; header=present', end: '\r\n' };

function sendLines(
  ctx: ApiExchange,
  { lines, format, log }: { readonly lines: JsonLines; readonly format: LineFormat; readonly log: Log },
): void {
  ctx.type = format.type;
  sendText(ctx, encoded(lines, format.end), log);
}

async function* encoded(lines: JsonLines, end: string): AsyncGenerator<string> {
  for await (const line of lines) yield `${typeof line === 'string' ? line : JSON.stringify(line)}${end}`;
}

/**
 * The failure of a path parameter with U+0000. PostgreSQL rejects this character, so the query
 * would fail and look like an internal error.
 */
const NO_SUCH_NAME = notFound('no-such-name');

async function handle(
  options: ServingOptions,
  route: Route,
  ctx: RoutedExchange,
): Promise<Result<HandlerAnswer, HttpFailure>> {
  const { params, state, req } = ctx;
  const world = worldOfRequest(options.context.world, state.requestId);
  const self = route.kind === 'json' ? (route.self ?? null) : null;
  const client = await authenticateAndAdmit(options, ctx, { log: world.log, self });
  if (!client.ok) return client;
  const principal = client.value;
  const permitted = mayCall(principal, route);
  if (!permitted.ok) return permitted;
  if (Object.values(params).some((value) => value.includes('\0'))) return err(NO_SUCH_NAME);
  // A request that changes something must not ignore a query parameter: the client may believe that
  // the route has a dry run. A GET without query parameters ignores them.
  const isIgnored = route.query === null && route.method === 'get';
  const query = isIgnored ? ok({}) : validateQuery<Record<string, string>>(route.query, { ...ctx.query });
  if (!query.ok) return query;
  const context = { ...options.context, world };
  const known = { params, query: query.value };
  if (route.kind === 'stream') return handleStream(options, ctx, { route, context, principal, known });
  const claimant = claimantOf(principal);
  const request = await readJsonRequest(route, req, { ...known, claimant });
  if (!request.ok) return request;
  const isUrgent =
    principal.kind === 'account' && (URGENT_ACTIONS.has(route.action) || isOfOfficers(principal.account));
  const inFlightMax = inFlightMaxOf(principal, route.action);
  const place = options.admission.enter({ account: claimant, isUrgent, inFlightMax });
  if (typeof place !== 'function') return err(place);
  if (INTERACTIVE_ACTIONS.has(route.action)) world.interactive.note();
  try {
    if (route.self !== undefined) return await route.handler(context, { ...request.value, principal });
    if (principal.kind !== 'account') return err(ACCOUNT_NEEDED);
    const { account } = principal;
    const answer = () => route.handler(context, { ...request.value, account });
    const { log } = world;
    return await (route.success.lines === true ? exportLines(options, ctx, { account, log, answer }) : answer());
  } finally {
    place();
  }
}

/**
 * Answers with many lines, counted as an export until the answer is sent or the client has left.
 */
async function exportLines(
  options: Pick<ServingOptions, 'exports' | 'authenticate' | 'recheckMs'>,
  ctx: RoutedExchange,
  {
    account,
    log,
    answer,
  }: {
    readonly account: Account;
    readonly log: Log;
    readonly answer: () => Promise<Result<HandlerAnswer, HttpFailure>>;
  },
): Promise<Result<HandlerAnswer, HttpFailure>> {
  const begun = options.exports.begin(account.id);
  if (!begun.ok) return begun;
  const answered = await endWithResponse(ctx.res, begun.value, answer);
  if (!answered.ok) return answered;
  const { value } = answered;
  if (value instanceof CsvLines)
    return ok(new CsvLines(yieldWhilePermitted(options, ctx, { lines: value.lines, log, account })));
  return ok(isLines(value) ? yieldWhilePermitted(options, ctx, { lines: value, log, account }) : value);
}

/**
 * Returns how many requests for certificates the account may have in progress; null: it has no such
 * limit, or the action is not limited.
 */
function inFlightMaxOf(principal: CertifiedPrincipal, action: Action): number | null {
  return principal.kind === 'account' && LIMITED_ACTIONS.has(action) ? principal.account.limits.inFlight : null;
}

const ACCOUNT_NEEDED = { kind: 'not-permitted', ...fault('account-known') } as const;

function handleStream(
  { streams }: ServingOptions,
  ctx: RoutedExchange,
  call: {
    readonly route: StreamRoute;
    readonly context: ApiContext;
    readonly principal: CertifiedPrincipal;
    readonly known: Pick<StreamRequest, 'params' | 'query'>;
  },
): ReturnType<StreamRoute['handler']> | Result<never, HttpFailure> {
  const { route, context, principal, known } = call;
  if (principal.kind !== 'account') return err(ACCOUNT_NEEDED);
  const { account } = principal;
  const { req, res } = ctx;
  const request = openStreamRequest(req, { ...known, account, language: languageOf(ctx, 'en') });
  if (!request.ok) return request;
  const place = streams.enter({ account: account.id, isUrgent: false });
  if (typeof place !== 'function') return err(place);
  // The place is released when the connection closes, because the answer may have lines that are
  // made while the body is read.
  if (res.closed) place();
  else res.once('close', place);
  return route.handler(context, request.value);
}

/**
 * Checks whether the principal may call the route at all. The handler checks later whether it may
 * do so for the certificate or card in question.
 */
function mayCall(principal: CertifiedPrincipal, route: Route): Result<void, HttpFailure> {
  const { self, relayed } = route.kind === 'json' ? route : {};
  const action = principal.kind === 'self' ? self : route.action;
  if (action === undefined) return err(ACCOUNT_NEEDED);
  const permitted = decidePrincipal(principal, action, null);
  if (permitted.ok || principal.kind === 'self' || relayed === undefined) return permitted;
  return decidePrincipal(principal, relayed, null).ok ? ok(undefined) : permitted;
}

/** Sends a problem document, after the refusal was recorded. */
async function answerFailure(
  parts: Pick<ApiOptions, 'trail' | 'metrics'>,
  ctx: ApiExchange,
  failure: HttpFailure,
): Promise<void> {
  await recordRefusal(parts, ctx, failure);
  const { requestId } = ctx.state;
  const { problem, headers } = problemOf(failure, { requestId, language: languageOf(ctx, 'en') });
  ctx.status = problem.status;
  ctx.set({ ...headers, 'cache-control': 'no-store' });
  ctx.body = JSON.stringify(problem);
  ctx.type = 'application/problem+json';
}
