/**
 * Suggests an existing path for a path that does not exist. Ids of cards and of staff contain a
 * slash, which clients often forget to percent-encode.
 */
import type { Bilingual } from '../../../kernel/bilingual.js';
import { text } from '../../../texts/text.js';
import { ROUTES } from '../routes.js';

/** Parameters whose values may contain a slash. */
const SLASHED = /^\{(tokenId|idNat)\}$/;
const PATH_LENGTH_MAX = 300;

/**
 * Returns a text that names a similar path; null: there is none. It also tries the path with `/v1`
 * and without a trailing slash.
 */
export function suggestPath(method: string, path: string): Bilingual | null {
  if (path.length > PATH_LENGTH_MAX) return null;
  const encoded = pathWithEncodedSlash(method, path);
  if (encoded !== null) return text('slash-in-path', { path: encoded });
  const tidy = path.replace(/\/+$/, '').replace(/^\/(?!v1\/)/, '/v1/');
  return tidy !== path && exists(method, tidy) ? text('similar-path', { path: tidy }) : null;
}

function exists(method: string, path: string): boolean {
  const sent = path.split('/');
  return ROUTES.some((route) => {
    const known = route.path.split('/');
    return isCalledBy(route, method) && known.length === sent.length && known.every((one, at) => fits(one, sent[at]));
  });
}

/**
 * Returns the path with the slash of its id encoded, if a route then matches it; null: none does.
 */
function pathWithEncodedSlash(method: string, path: string): string | null {
  const sent = path.split('/');
  for (const route of ROUTES) {
    const known = route.path.split('/');
    const at = known.findIndex((one) => SLASHED.test(one));
    if (at < 0 || sent.length !== known.length + 1 || !isCalledBy(route, method)) continue;
    const joined = [...sent.slice(0, at), `${sent[at]}%2F${sent[at + 1]}`, ...sent.slice(at + 2)];
    if (known.every((one, place) => fits(one, joined[place]))) return joined.join('/');
  }
  return null;
}

function isCalledBy(route: { readonly method: string }, method: string): boolean {
  return route.method === method.toLowerCase();
}

function fits(known: string, sent: string | undefined): boolean {
  return sent !== undefined && (known.startsWith('{') ? sent !== '' : known === sent);
}
