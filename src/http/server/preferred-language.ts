/** Which of our languages a client prefers (RFC 9110 12.5.4), for servers without a framework. */
import { LANGUAGES, type Language } from '../../kernel/bilingual.js';

const RANGES_MAX = 20;

/** `header`: the value of Accept-Language. `otherwise`: if it accepts neither language. */
export function preferredLanguage(header: string, otherwise: Language): Language {
  let best: { readonly language: Language; readonly weight: number } | null = null;
  for (const range of header.split(',', RANGES_MAX)) {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const language = LANGUAGES.find((one) => tag === one || tag.startsWith(`${one}-`));
    if (language === undefined) continue;
    const given = parameters.find((one) => one.startsWith('q='))?.slice(2);
    const weight = given === undefined ? 1 : Number(given);
    // The comparison is false for what is not a number.
    if (weight > (best?.weight ?? 0)) best = { language, weight };
  }
  return best?.language ?? otherwise;
}
