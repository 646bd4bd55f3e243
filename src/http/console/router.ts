/**
 * Serves the pages of the console on the listener of the API. A request for a page goes through the
 * same steps as an API request: the client certificate is authenticated, a role of the account must
 * permit the page, and then the page is rendered. The routes of pages are derived from the list of
 * pages.
 */
import type Router from '@koa/router';
import { isOfOfficers } from '../../access/break-glass.js';
import { decideAccess, rolesPermit } from '../../access/decide.js';
import type { Action } from '../../access/roles.js';
import type { Page } from '../../console/page.js';
import { PAGES } from '../../console/pages/all.js';
import { pageDocument } from '../../console/render.js';
import type { UiState } from '../../console/ui.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { notFound } from '../../operations/failures.js';
import type { Account } from '../../ports/store/accounts.js';
import { fault } from '../../texts/text.js';
import type { HttpFailure } from '../api/problems.js';
import { endWithResponse } from '../server/export-limiter.js';
import {
  type ApiExchange,
  authenticateAndAdmit,
  isCrossSite,
  type RequestState,
  type RoutedExchange,
  recordRefusal,
} from '../trail/exchange.js';
import { yieldWhilePermitted } from '../trail/long-answers.js';
import { worldOfRequest } from '../trail/request-world.js';
import { showForm, submitForm } from './actions.js';
import { frameOf, queryOf, sendDocument, sendDownload, sendFailure } from './answer.js';
import { type Asset, readAssets, readTheme } from './assets.js';
import { isMultipart } from './multipart.js';
import type { ConsoleParts, ServingParts, Visit } from './visit.js';

type Serve = (ctx: RoutedExchange, visit: Visit) => Promise<Result<void, HttpFailure>>;

/**
 * Adds the routes of all pages and of the files that they load. Returns the function that answers
 * failures on paths of the console.
 */
export function mountConsole(
  router: Router<RequestState>,
  parts: ConsoleParts,
): (ctx: ApiExchange, failure: HttpFailure) => Promise<void> {
  const own = readAssets();
  const theme = readTheme(parts.themeFolder);
  const files = [...own.files, ...theme.files];
  const links = { ...own.links, styles: [...own.links.styles, ...(theme.style === null ? [] : [theme.style])] };
  const serving: ServingParts = { ...parts, world: parts.context.world, assets: links };
  const refuse = async (ctx: ApiExchange, failure: HttpFailure, account: Account | null = null): Promise<void> => {
    await recordRefusal(parts, ctx, failure);
    sendFailure(ctx, frameOf(serving, ctx, { account }), failure);
  };
  const add = (method: 'get' | 'post', page: Page, { path, action, serve }: RouteOfPage): void => {
    router[method](path.replace(/\{(\w+)\}/g, ':$1'), async (ctx) => {
      ctx.state.route = { method, path };
      let visitor: Account | null = null;
      const outcome = await withAccount(serving, ctx, async (account) => {
        visitor = account;
        const visit = await openPage(serving, ctx, { page, action, account });
        return visit.ok ? serve(ctx, visit.value) : visit;
      });
      if (!outcome.ok) await refuse(ctx, outcome.error, visitor);
    });
  };
  router.get('/console', (ctx) => ctx.redirect('/console/'));
  for (const file of files) router.get(file.path, (ctx) => sendAsset(ctx, file));
  for (const page of PAGES) {
    add('get', page, { path: page.path, action: null, serve: async (ctx, visit) => showPage(serving, ctx, visit) });
    for (const { id, action } of page.actions) {
      const path = `${page.path.replace(/\/$/, '')}/${id}`;
      add('get', page, { path, action, serve: (ctx, visit) => showForm(serving, ctx, { visit, id }) });
      add('post', page, { path, action, serve: (ctx, visit) => submitForm(serving, ctx, { visit, id }) });
    }
    for (const { name, action } of page.downloads) {
      const path = `${page.path.replace(/\/$/, '')}/${name}`;
      add('get', page, { path, action, serve: (ctx, visit) => sendFile(serving, ctx, { visit, name }) });
    }
  }
  return refuse;
}

type RouteOfPage = {
  readonly path: string;
  /** What a role of the account must permit in addition to the page itself; null: nothing. */
  readonly action: Action | null;
  readonly serve: Serve;
};

function sendAsset(ctx: ApiExchange, { type, body, isConstant }: Asset): void {
  ctx.type = type;
  ctx.set({
    'cache-control': isConstant ? 'public, max-age=31536000, immutable' : 'no-cache',
    'x-content-type-options': 'nosniff',
  });
  ctx.body = Buffer.from(body);
}

/**
 * Authenticates and admits the client, and calls `serve`. The request counts as in progress until
 * `serve` has ended.
 */
async function withAccount(
  parts: ServingParts,
  ctx: RoutedExchange,
  serve: (account: Account) => Promise<Result<void, HttpFailure>>,
): Promise<Result<void, HttpFailure>> {
  if (isFromOtherSite(ctx)) return err({ kind: 'not-permitted', ...fault('same-origin') });
  const { log } = worldOfRequest(parts.context.world, ctx.state.requestId);
  const client = await authenticateAndAdmit(parts, ctx, { log, self: null });
  if (!client.ok) return client;
  if (client.value.kind !== 'account') return err({ kind: 'not-permitted', ...fault('account-known') });
  const { account } = client.value;
  // Only a POST has a file to send; another request must not take a place of an upload.
  const isStreamed = ctx.method === 'POST' && isMultipart(ctx.get('content-type'));
  const isUrgent = !isStreamed && isOfOfficers(account);
  const place = (isStreamed ? parts.streams : parts.admission).enter({ account: account.id, isUrgent });
  if (typeof place !== 'function') return err(place);
  try {
    return await serve(account);
  } finally {
    place();
  }
}

/**
 * Whether another site has caused the request, so that it must be refused. Following a link from
 * another site to a page is allowed, because showing a page changes nothing. A POST is also refused
 * if the browser does not send its origin.
 */
function isFromOtherSite(ctx: ApiExchange): boolean {
  if (ctx.method === 'POST') return isCrossSite(ctx) || ctx.get('origin') === '';
  const isFollowed = ctx.get('sec-fetch-mode') === 'navigate' && ctx.get('sec-fetch-user') === '?1';
  return isCrossSite(ctx) && !isFollowed;
}

async function openPage(
  { context }: ServingParts,
  ctx: RoutedExchange,
  { page, action, account }: { readonly page: Page; readonly action: Action | null; readonly account: Account },
): Promise<Result<Visit, HttpFailure>> {
  const opens = page.opensFor.find((one) => rolesPermit(account.roles, one)) ?? page.opensFor[0];
  for (const needed of [opens, action]) {
    const permitted = needed === null || needed === undefined ? ok(undefined) : decideAccess(account, needed, null);
    if (!permitted.ok) return permitted;
  }
  if (Object.values(ctx.params).some((value) => value.includes('\0'))) return err(notFound('no-such-name'));
  const sent = queryOf(ctx);
  const query = Object.fromEntries(page.query.flatMap((name) => (sent[name] ? [[name, sent[name]]] : [])));
  const world = worldOfRequest(context.world, ctx.state.requestId);
  const opened = await page.open(
    { ...context, world },
    { account, params: ctx.params, query, isShown: action === null },
  );
  if (!opened.ok) return opened;
  const path = page.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(ctx.params[name] ?? ''));
  return ok({ page: opened.value, account, path });
}

/** Returns the actions that the page offers now and the roles of the account permit. */
function offeredActions({ page, account }: Visit): UiState['actions'] {
  return page.actions.filter(({ isOffered, action }) => isOffered && rolesPermit(account.roles, action));
}

function showPage(parts: ServingParts, ctx: RoutedExchange, visit: Visit): Result<void, HttpFailure> {
  const frame = frameOf(parts, ctx, { account: visit.account, actions: offeredActions(visit) });
  sendDocument(ctx, pageDocument(frame, visit.page));
  return ok(undefined);
}

/**
 * Sends a download. A download of many lines is counted as an export until it is sent or its client
 * has left.
 */
async function sendFile(
  parts: ServingParts,
  ctx: RoutedExchange,
  { visit: { page, account }, name }: { readonly visit: Visit; readonly name: string },
): Promise<Result<void, HttpFailure>> {
  const isExport = page.isExport(name);
  const begun = isExport ? parts.exports.begin(account.id) : ok(() => undefined);
  if (!begun.ok) return begun;
  const made = await endWithResponse(ctx.res, begun.value, () => page.download(name));
  if (!made.ok) return made;
  const { body } = made.value;
  const isWhole = typeof body === 'string' || body instanceof Uint8Array;
  const { log } = parts.context.world;
  const read = isWhole ? body : yieldWhilePermitted(parts, ctx, { lines: body, log, account });
  sendDownload(ctx, { ...made.value, body: read }, log);
  return ok(undefined);
}
