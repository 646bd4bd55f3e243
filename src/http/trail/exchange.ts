/**
 * What the API and the console do with each request, whatever it asks for: it gets an id and a line
 * in the log, its client is authenticated and admitted, and its refusal is recorded.
 */
import type { ParameterizedContext } from 'koa';
import { isOfOfficers } from '../../access/break-glass.js';
import { actorOf, type CertifiedPrincipal, type Principal } from '../../access/principal.js';
import { LANGUAGES, type Language } from '../../kernel/bilingual.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Metrics } from '../../observe/metrics.js';
import type { Authenticate } from '../api/authenticate.js';
import { type HttpFailure, PROBLEMS } from '../api/problems.js';
import { addressOf } from '../server/client-of.js';
import type { ConnectionLimiter } from '../server/connections.js';
import type { RequestTrail } from './request-trail.js';

/** What becomes known about a request while it is processed, for its trace. */
export type RequestState = {
  requestId: string;
  /** Method and pattern of the path; null: no route matches. */
  route: { readonly method: string; readonly path: string } | null;
  accountId: string | null;
  /** The certificate that acts for itself, as audit entries name it; null: none does. */
  self: string | null;
  certificateSha256: string | null;
  /** The code of the problem document. */
  code: string | null;
};
export type ApiExchange = ParameterizedContext<RequestState>;
export type RoutedExchange = ApiExchange & { readonly params: Readonly<Record<string, string>> };

export type ExchangeParts = {
  readonly authenticate: Authenticate;
  readonly connections: ConnectionLimiter;
  readonly trail: RequestTrail;
  readonly metrics: Metrics;
  /** The time between two checks of a client that reads many lines; left out: ten seconds. */
  readonly recheckMs?: number;
};

export function millisecondsSince(started: bigint): number {
  return Number(process.hrtime.bigint() - started) / 1e6;
}

/** Gives the request its id, and has its line written when the response has been sent. */
export function beginTrace({ trail }: Pick<ExchangeParts, 'trail'>, ctx: ApiExchange, started: bigint): void {
  const requestId = trail.newRequestId();
  Object.assign(ctx.state, {
    requestId,
    route: null,
    accountId: null,
    self: null,
    certificateSha256: null,
    code: null,
  });
  ctx.set('x-request-id', requestId);
  const { socket } = ctx.req;
  const sentBefore = socket.bytesWritten;
  const address = addressOf(ctx.req);
  ctx.res.once('close', () => {
    const { route, accountId, code } = ctx.state;
    trail.logAnswer({
      requestId,
      method: ctx.method,
      route: route?.path ?? null,
      status: ctx.res.statusCode,
      code,
      accountId,
      address,
      durationMs: millisecondsSince(started),
      bytes: socket.bytesWritten - sentBefore,
      isComplete: ctx.res.writableFinished,
    });
  });
}

/** The name under which connections and idempotency keys of a client are kept. */
export function claimantOf(principal: Principal): string {
  return principal.kind === 'account' ? principal.account.id : actorOf(principal);
}

export async function authenticateAndAdmit(
  { authenticate, connections }: Pick<ExchangeParts, 'authenticate' | 'connections'>,
  ctx: ApiExchange,
  request: Parameters<Authenticate>[1],
): Promise<Result<CertifiedPrincipal, HttpFailure>> {
  const { req, state } = ctx;
  const client = await authenticate(req, request);
  if (!client.ok) {
    const { failure, ...refused } = client.error;
    Object.assign(state, refused);
    // If the database is not available, the client may still be one of ours.
    if (failure.kind === 'not-permitted') connections.markAnonymous(req.socket);
    return err(failure);
  }
  return admit({ connections }, ctx, client.value);
}

/** Notes who asks, and counts the connection for them. */
export function admit<Caller extends Principal>(
  { connections }: Pick<ExchangeParts, 'connections'>,
  { req, state }: ApiExchange,
  principal: Caller,
): Result<Caller, HttpFailure> {
  if (principal.kind === 'account') state.accountId = principal.account.id;
  else state.self = actorOf(principal);
  const isOfficer = principal.kind === 'account' && isOfOfficers(principal.account);
  const isAdmitted = connections.admit(req.socket, { account: claimantOf(principal), isOfficer });
  return isAdmitted ? ok(principal) : err({ kind: 'overloaded', retryAfterMs: CONNECTION_RETRY_AFTER_MS });
}

const CONNECTION_RETRY_AFTER_MS = 1_000;

/** The language that the client prefers; the default if it accepts neither, or does not say. */
export function languageOf(ctx: ApiExchange, otherwise: Language): Language {
  if (ctx.get('accept-language') === '') return otherwise;
  const accepted = ctx.acceptsLanguages(...LANGUAGES);
  return LANGUAGES.find((language) => language === accepted) ?? otherwise;
}

/** Records a refusal. It is called before the refusal is answered. */
export async function recordRefusal(
  { trail, metrics }: Pick<ExchangeParts, 'trail' | 'metrics'>,
  ctx: ApiExchange,
  failure: HttpFailure,
): Promise<void> {
  if (failure.kind === 'proof-rejected')
    for (const { rule } of failure.violations) metrics.proofsRejected.inc({ rule });
  const { requestId, route, accountId, self, certificateSha256 } = ctx.state;
  if (failure.kind === 'quota-exceeded' && failure.limit !== undefined && accountId !== null)
    metrics.accountQuotaRefusals.inc({ account: accountId });
  ctx.state.code = PROBLEMS[failure.kind].code;
  await trail.recordRefusal({
    requestId,
    accountId,
    self,
    certificateSha256,
    address: addressOf(ctx.req),
    route: route === null ? null : `${route.method.toUpperCase()} ${route.path}`,
    subjectId: subjectIdOf(ctx),
    failure,
  });
}

/** The id of a certificate or order (a UUID), or of a CA or account, which begins with a letter. */
const SUBJECT_ID = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z][\w.-]{0,63})$/;

/**
 * What the request was about, if the path names it by its id. Ids of cards and holders are personal
 * and are not recorded, even where a client puts one in the place of another id.
 */
function subjectIdOf(ctx: ApiExchange & Partial<RoutedExchange>): string | null {
  const id = ctx.params?.id ?? '';
  return SUBJECT_ID.test(id) ? id : null;
}

/**
 * Whether a page of another origin has caused the request. Browsers say so, and other clients send
 * neither header. `none`: a person has typed the address, or has opened a bookmark.
 */
export function isCrossSite(ctx: ApiExchange): boolean {
  const site = ctx.get('sec-fetch-site');
  const origin = ctx.get('origin');
  const isElsewhere = site !== '' && site !== 'same-origin' && site !== 'none';
  return isElsewhere || (origin !== '' && origin !== `https://${ctx.host}`);
}
