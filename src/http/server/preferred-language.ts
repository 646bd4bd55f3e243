/**
 * Chooses the language that a client prefers (RFC 9110 12.5.4), for servers that do not use Koa.
 */
import { LANGUAGES, type Language } from '../../kernel/bilingual.js';

const RANGES_MAX = 20;

/**
 * Returns the language that a client prefers. `header`: the value of Accept-Language. `otherwise`:
 * the result if the header field accepts neither French nor English.
 */
export function preferredLanguage(header: string, otherwise: Language): Language {
  let best: { readonly language: Language; readonly weight: number } | null = null;
  for (const range of header.split(',', RANGES_MAX)) {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const language = LANGUAGES.find((one) => tag === one || tag.startsWith(`${one}-`));
    if (language === undefined) continue;
    const given = parameters.find((one) => one.startsWith('q='))?.slice(2);
    const weight = given === undefined ? 1 : Number(given);
    // If `q` is not a number, the weight is NaN and this comparison is false.
    if (weight > (best?.weight ?? 0)) best = { language, weight };
  }
  return best?.language ?? otherwise;
}
