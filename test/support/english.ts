/** Words that are English and not French, of those that the texts of the API use. */
const ENGLISH = new Set(
  [
    'the is are was were be been has have must may can cannot of and with without for from to by it its this that',
    'these those which there here not no nothing nobody another other others than then when already again yet only once',
    'accounts holders cards key keys list lists body request requests name names value values member members',
    'number numbers digit digits letter letters character characters address addresses signed revoked issued released suspended',
    'expected allowed required known unknown empty missing wrong duplicate ask make take give leave put use send retry sign',
    'certificates time longer later before after least more most equal items item begins ends follow slash staff',
  ]
    .join(' ')
    .split(' '),
);

/**
 * The English words of a French text. Names of rules, members, files and values are the same in
 * both languages, so words with a hyphen, slash, dot, underscore, digit or inner capital do not
 * count, and commands do not either.
 */
export function englishIn(french: string): readonly string[] {
  const words = french
    .replace(/\bpfcng [a-z ]+/, '')
    .split(/[\s'’(),;:"?!]+/u)
    .map((word) => word.replace(/\.+$/, ''));
  return words.filter((word) => /^\p{L}\p{Ll}*$/u.test(word) && ENGLISH.has(word.toLowerCase()));
}
