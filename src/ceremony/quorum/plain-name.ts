/**
 * Removes what people do not see or do not write consistently in a name, so that one person is not
 * counted as two: accents, capitals, spaces and punctuation. Cyrillic and Greek letters become the
 * Latin letters that they look like (Unicode technical standard 39, confusables).
 */
export function plainName(name: string): string {
  const letters = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const latin = Array.from(letters, (letter) => LATIN.get(letter) ?? letter).join('');
  return latin.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

/** Letters whose capital or small form looks like that of a Latin letter. */
const LOOK_ALIKES = [
  ['авсеһніјкморԛѕтухԝ', 'abcehhijkmopqstyxw'],
  ['αβεζηικμνορτυχ', 'abezhikmnoptyx'],
] as const;

const LATIN = new Map(
  LOOK_ALIKES.flatMap(([letters, latin]) =>
    Array.from(letters, (letter, at) => [letter, latin[at] ?? letter] as const),
  ),
);
