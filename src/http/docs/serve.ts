/**
 * Serves the reference of the API at `/docs`. It is the same for all clients and needs no account.
 * Each page is rendered at its first request and then kept in memory as bytes; there are a few
 * dozen. The model of all pages is also made at the first request, because most processes end
 * before anybody opens a page.
 */
import type Router from '@koa/router';
import { REFERENCE_PATH, referenceDocument, referencePages } from '../../console/reference/page.js';
import { LANGUAGES, type Language } from '../../kernel/bilingual.js';
import { memoize } from '../../kernel/memoize.js';
import { sendDocument } from '../console/answer.js';
import { readAssets } from '../console/assets.js';
import { type ApiExchange, languageOf, type RequestState } from '../trail/exchange.js';
import { referenceChapters, referenceModel } from './model.js';

const modelOf = memoize(referenceModel);

export function mountDocs(
  router: Router<RequestState>,
  options: { readonly version: string; readonly url: string },
): void {
  const [style = ''] = readAssets().links.styles;
  const made = new Map<string, Buffer>();
  for (const id of referencePages(referenceChapters()))
    router.get(`${REFERENCE_PATH}${id}`, (ctx) => {
      const chosen = LANGUAGES.find((language) => language === ctx.query.lang);
      const language: Language = chosen ?? languageOf(ctx, 'fr');
      const name = `${id} ${language} ${chosen !== undefined}`;
      const view = { language, isChosen: chosen !== undefined, style } as const;
      const html = made.get(name) ?? Buffer.from(referenceDocument(modelOf(options), id, view));
      made.set(name, html);
      sendDocument(ctx, html);
      ctx.set({ 'content-language': language, vary: 'Accept-Language' });
    });
  router.get(`${REFERENCE_PATH}/`, (ctx) => ctx.redirect(REFERENCE_PATH));
}

/**
 * Whether the path belongs to the reference. Links from other sites to these paths are allowed
 * (`api.ts`).
 */
export function isDocsPath({ path }: ApiExchange): boolean {
  return path === REFERENCE_PATH || path.startsWith(`${REFERENCE_PATH}/`);
}
