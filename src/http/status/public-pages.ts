/**
 * Serves the public page for relying parties in French and English, its data as JSON, and its
 * style. The page is rendered again once a second at most, so that many requests for it do not
 * delay OCSP.
 */
import { PUBLIC_JSON_PATH, publicDocument, publicJson } from '../../console/public/page.js';
import type { PublicState } from '../../console/public/state.js';
import type { Language } from '../../kernel/bilingual.js';
import { SECOND_MS } from '../../kernel/duration.js';
import type { Clock } from '../../ports/world.js';
import { readAssets } from '../console/assets.js';
import { shareComputation } from '../operators/share-computation.js';
import { preferredLanguage } from '../server/preferred-language.js';

export type PublicRequest = {
  /** Path without a query. */
  readonly path: string;
  /** The query, without its question mark. */
  readonly query: string;
  /** Value of Accept-Language. */
  readonly acceptLanguage: string;
};

type PublicAnswer = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

/** Answers a request; null: the path is none of these pages. */
export type PublicPages = (request: PublicRequest) => Promise<PublicAnswer | null>;

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'public, max-age=60',
  vary: 'accept-language',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

const JSON_HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'public, max-age=60',
  'x-content-type-options': 'nosniff',
} as const;

export function createPublicPages(state: () => Promise<PublicState>, clock: Clock): PublicPages {
  const { files, links } = readAssets();
  const style = files.find(({ path }) => links.styles.includes(path));
  const current = shareComputation(
    async () => ({ state: await state(), now: clock(), documents: new Map<string, string>() }),
    () => SECOND_MS,
  );
  const page = async (language: Language, isChosen: boolean): Promise<string> => {
    const { state: shown, now, documents } = await current();
    const name = `${language} ${isChosen}`;
    const made = documents.get(name) ?? publicDocument(shown, { language, isChosen, now, style: style?.path ?? '' });
    documents.set(name, made);
    return made;
  };
  return async ({ path, query, acceptLanguage }) => {
    if (path === '/') {
      const lang = new URLSearchParams(query).get('lang');
      const chosen = lang === 'fr' || lang === 'en' ? lang : null;
      const language = chosen ?? preferredLanguage(acceptLanguage, 'fr');
      const body = await page(language, chosen !== null);
      return { headers: { ...PAGE_HEADERS, 'content-language': language }, body };
    }
    if (path === PUBLIC_JSON_PATH) {
      const { state: shown } = await current();
      return { headers: JSON_HEADERS, body: `${JSON.stringify(publicJson(shown))}\n` };
    }
    if (style !== undefined && path === style.path) {
      const headers = { 'content-type': style.type, 'cache-control': 'public, max-age=31536000, immutable' };
      return { headers: { ...headers, 'x-content-type-options': 'nosniff' }, body: style.body };
    }
    return null;
  };
}
