/**
 * Returns a name in a form that is the same for all its spellings, so that one person is not
 * counted as two: without accents, capitals and punctuation, and with single spaces. Cyrillic and
 * Greek letters become the Latin letters that they look like (Unicode technical standard 39,
 * confusables).
 */
export function plainName(name: string): string {
  const letters = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const latin = Array.from(letters, (letter) => LATIN.get(letter) ?? letter).join('');
  return latin.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

/**
 * Cyrillic and Greek letters whose capital or small form looks like that of a Latin letter, each
 * with the Latin letter at the same position.
 */
const LOOK_ALIKES = [
  ['авсеһніјкморԛѕтухԝ', 'abcehhijkmopqstyxw'],
  ['αβεζηικμνορτυχ', 'abezhikmnoptyx'],
] as const;

const LATIN = new Map(
  LOOK_ALIKES.flatMap(([letters, latin]) =>
    Array.from(letters, (letter, at) => [letter, latin[at] ?? letter] as const),
  ),
);
