/**
 * Sends the answers of the console: pages, files and failures, with the header fields of every
 * page.
 */
import { X509Certificate } from 'node:crypto';
import type { Download } from '../../console/page.js';
import { type Frame, failureDocument } from '../../console/render.js';
import type { UiState } from '../../console/ui.js';
import { LANGUAGES, type Language } from '../../kernel/bilingual.js';
import type { World } from '../../operations/world.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Log } from '../../ports/world.js';
import { type HttpFailure, problemOf } from '../api/problems.js';
import { certificateOf } from '../server/client-of.js';
import { type ApiExchange, languageOf } from '../trail/exchange.js';
import { sendText } from '../trail/long-answers.js';
import type { readAssets } from './assets.js';

/** Pages load nothing from other sites, run no inline script, and cannot be shown in a frame. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Other sites do not learn the addresses of pages. The value `no-referrer` cannot be used: browsers
 * would then send `Origin: null` with the forms of the console itself (Fetch, "append a request
 * Origin header"), and these would be refused.
 */
const REFERRER_POLICY = 'same-origin';

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': REFERRER_POLICY,
  'x-content-type-options': 'nosniff',
} as const;

export type AnswerParts = {
  readonly world: Pick<World, 'clock' | 'policy'>;
  readonly assets: ReturnType<typeof readAssets>['links'];
};

/**
 * Makes the frame of a page: what the page knows about its request (language, path, query, time,
 * account) and the `actions` that it offers.
 */
export function frameOf(
  { world, assets }: AnswerParts,
  ctx: ApiExchange,
  { account, actions = [] }: { readonly account: Account | null; readonly actions?: UiState['actions'] },
): Frame {
  const query = queryOf(ctx);
  const chosen = LANGUAGES.find((language) => language === query.lang);
  const language: Language = chosen ?? languageOf(ctx, 'fr');
  const { lang: _lang, ...criteria } = query;
  return {
    ui: {
      language,
      isChosen: chosen !== undefined,
      path: ctx.path,
      query: criteria,
      now: world.clock(),
      account: account === null ? null : { id: account.id, name: account.name, roles: account.roles },
      actions,
    },
    assets,
    isDevelopment: world.policy.environment.mark === 'development',
  };
}

const QUERY_VALUE_LENGTH_MAX = 512;

/**
 * Returns the query parameters. Those that are repeated or too long, or contain U+0000, are
 * ignored.
 */
export function queryOf({ query }: ApiExchange): Readonly<Record<string, string>> {
  const single = Object.entries(query).filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' && entry[1].length <= QUERY_VALUE_LENGTH_MAX && !entry[1].includes('\0'),
  );
  return Object.fromEntries(single);
}

export function sendDocument(ctx: ApiExchange, html: string | Buffer, status = 200): void {
  ctx.status = status;
  ctx.set(HEADERS);
  ctx.type = 'text/html; charset=utf-8';
  ctx.body = html;
}

export function sendDownload(ctx: ApiExchange, { type, filename, body }: Download, log: Log): void {
  ctx.status = 200;
  ctx.set(HEADERS);
  ctx.type = type;
  ctx.attachment(filename);
  if (typeof body === 'string') ctx.body = body;
  else if (body instanceof Uint8Array) ctx.body = Buffer.from(body);
  else sendText(ctx, body, log);
}

/**
 * Sends a page that says what was refused and why. If the client certificate may be the reason, the
 * page shows which certificate was presented.
 */
export function sendFailure(ctx: ApiExchange, frame: Frame, failure: HttpFailure): void {
  const { requestId } = ctx.state;
  const { problem, headers } = problemOf(failure, { requestId, language: frame.ui.language });
  const violations = (problem.violations ?? []).map(({ message }) => message);
  const details = violations.length > 0 ? violations : [problem.detail];
  const isAboutClient = frame.ui.account === null && CLIENT_FAILURES.includes(failure.kind);
  const presented = isAboutClient ? presentedBy(ctx) : null;
  sendDocument(ctx, failureDocument(frame, { title: problem.title, details, requestId, presented }), problem.status);
  ctx.set(headers);
}

/** Failures that may be due to the client certificate. */
const CLIENT_FAILURES: readonly HttpFailure['kind'][] = ['client-certificate-required', 'not-permitted'];

function presentedBy(ctx: ApiExchange) {
  const certificate = presentedCertificate(ctx);
  if (certificate === null) return 'none';
  const { subject, issuer, serialNumber, fingerprint256 } = certificate;
  const oneLine = (name: string | undefined): string => (name ?? '').split('\n').join(', ');
  return { subject: oneLine(subject), issuer: oneLine(issuer), serial: serialNumber, sha256: fingerprint256 };
}

function presentedCertificate({ req }: ApiExchange): X509Certificate | null {
  const der = certificateOf(req);
  try {
    return der === null ? null : new X509Certificate(der);
  } catch {
    // A certificate from a proxy may be malformed, because OpenSSL has not read it in a handshake.
    return null;
  }
}
