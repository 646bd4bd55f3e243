/**
 * The steps that all servers on top of `app.ts` share: a request gets an id and a log line, its
 * client is authenticated and admitted, and its refusal is recorded.
 */
import type { ParameterizedContext } from 'koa';
import { isOfOfficers } from '../../access/break-glass.js';
import { actorOf, type CertifiedPrincipal, type Principal } from '../../access/principal.js';
import { LANGUAGES, type Language } from '../../kernel/bilingual.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Metrics } from '../../observe/metrics.js';
import type { Authenticate, RefusedClient } from '../api/authenticate.js';
import { type HttpFailure, PROBLEMS } from '../api/problems.js';
import { addressOf } from '../server/client-of.js';
import type { ConnectionLimiter } from '../server/connections.js';
import type { RequestTrail } from './request-trail.js';

/**
 * What becomes known about a request while it is processed, for its log line and its audit entry.
 */
export type RequestState = {
  requestId: string;
  /** Method and pattern of the path, e.g. `/v1/cas/{id}`; null: no route matches. */
  route: { readonly method: string; readonly path: string } | null;
  /**
   * The account that has authenticated, or whose client certificate was refused; null: it is not
   * known.
   */
  accountId: string | null;
  /**
   * The certificate that acts for itself without an account, as audit entries name it; null: none
   * does.
   */
  self: string | null;
  /** SHA-256 hex of a client certificate that was refused; null: none was. */
  certificateSha256: string | null;
  /**
   * The problem code of the refusal; null: the request was not refused, or CMP refused it by a
   * PKIMessage.
   */
  code: string | null;
};
export type ApiExchange = ParameterizedContext<RequestState>;
export type RoutedExchange = ApiExchange & { readonly params: Readonly<Record<string, string>> };

export type ExchangeParts = {
  readonly authenticate: Authenticate;
  readonly connections: ConnectionLimiter;
  readonly trail: RequestTrail;
  readonly metrics: Metrics;
  /**
   * How often the rights of a client that reads many lines are checked again; left out: every ten
   * seconds.
   */
  readonly recheckMs?: number;
};

export function millisecondsSince(started: bigint): number {
  return Number(process.hrtime.bigint() - started) / 1e6;
}

/**
 * Gives the request its id, and writes its log line when the response was sent or the connection is
 * closed. `started`: `process.hrtime.bigint()` at the beginning of the request.
 */
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

/**
 * Returns the name of a client under which its connections and its requests in progress are counted
 * and its idempotency keys are stored: the id of an account, otherwise the actor of audit entries.
 */
export function claimantOf(principal: Principal): string {
  return principal.kind === 'account' ? principal.account.id : actorOf(principal);
}

/**
 * Authenticates the client of a request and counts its connection. Fails if the client is refused,
 * or if its share of connections is full (overloaded).
 */
export async function authenticateAndAdmit(
  { authenticate, connections }: Pick<ExchangeParts, 'authenticate' | 'connections'>,
  ctx: ApiExchange,
  request: Parameters<Authenticate>[1],
): Promise<Result<CertifiedPrincipal, HttpFailure>> {
  const client = await authenticate(ctx.req, request);
  return client.ok ? admit({ connections }, ctx, client.value) : err(noteRefused({ connections }, ctx, client.error));
}

/**
 * Stores who was refused for the log and the audit log, and returns the failure. Only a client that
 * was really refused counts as anonymous. If the database is not available, the client may still
 * belong to an account.
 */
export function noteRefused(
  { connections }: Pick<ExchangeParts, 'connections'>,
  { req, state }: ApiExchange,
  { failure, ...refused }: RefusedClient,
): HttpFailure {
  Object.assign(state, refused);
  if (failure.kind === 'not-permitted') connections.markAnonymous(req.socket);
  return failure;
}

/**
 * Stores who the client is for the log and the audit log, and counts its connection for it. Fails
 * if its share of the connections, or that of all accounts, is full.
 */
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

/**
 * Returns the language that the client prefers; `otherwise` if Accept-Language is missing or
 * accepts neither French nor English.
 */
export function languageOf(ctx: ApiExchange, otherwise: Language): Language {
  if (ctx.get('accept-language') === '') return otherwise;
  const accepted = ctx.acceptsLanguages(...LANGUAGES);
  return LANGUAGES.find((language) => language === accepted) ?? otherwise;
}

/**
 * Records a refusal in the audit log and in metrics. It must be called before the refusal is
 * answered, so that no answered refusal is missing there.
 */
export async function recordRefusal(
  { trail, metrics }: Pick<ExchangeParts, 'trail' | 'metrics'>,
  ctx: ApiExchange,
  failure: HttpFailure,
): Promise<void> {
  if (failure.kind === 'proof-rejected')
    for (const { rule } of failure.violations) metrics.proofsRejected.inc({ rule });
  if (failure.kind === 'card-to-desk' && failure.reason === 'update-contradicted') metrics.updatesContradicted.inc();
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

/**
 * The form of the ids that may be recorded: those of certificates, orders and other records (a
 * UUID), and those of CAs and accounts that begin with a letter. Another id that begins with a
 * digit could be that of a card or a holder.
 */
const SUBJECT_ID = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z][\w.-]{0,63})$/;

/**
 * Returns the `{id}` in the path, for the audit entry; null: there is none of this form. Ids of
 * cards and holders are personal data and are never recorded, even if a client sends one in the
 * place of another id.
 */
function subjectIdOf(ctx: ApiExchange & Partial<RoutedExchange>): string | null {
  const id = ctx.params?.id ?? '';
  return SUBJECT_ID.test(id) ? id : null;
}

/**
 * Whether a web page of another origin has caused the request. Browsers say so in Sec-Fetch-Site
 * and Origin; other clients send neither, and their requests are not cross-site. The value `none`
 * means that a person has typed the address or opened a bookmark.
 */
export function isCrossSite(ctx: ApiExchange): boolean {
  const site = ctx.get('sec-fetch-site');
  const origin = ctx.get('origin');
  const isElsewhere = site !== '' && site !== 'same-origin' && site !== 'none';
  return isElsewhere || (origin !== '' && origin !== `https://${ctx.host}`);
}
