/**
 * What a client may have meant by a path that does not exist. Ids of cards and staff have a slash,
 * which has to be percent-encoded in a path, and clients forget that.
 */
import type { Bilingual } from '../../../kernel/bilingual.js';
import { text } from '../../../texts/text.js';
import { ROUTES } from '../routes.js';

/** Parameters whose values have a slash. */
const SLASHED = /^\{(tokenId|idNat)\}$/;
const PATH_LENGTH_MAX = 300;

/** null: nothing similar exists. */
export function meantPath(method: string, path: string): Bilingual | null {
  if (path.length > PATH_LENGTH_MAX) return null;
  const encoded = encodedSlash(method, path);
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

/** The path of a route whose parameter took two segments of `path`. */
function encodedSlash(method: string, path: string): string | null {
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
