import { createRequire } from 'node:module';
import { StepFailed } from './say.mjs';

/**
 * What `npm test --` takes. mocha lets an option that it does not know pass without a word, and whoever mistyped one would wait for the
 * whole set.
 */

export const USAGE = [
  'usage: npm test [-- [--coverage] [options of mocha] [test files or folders]]',
  'e.g.:  npm test -- test/unit/lint --grep serial',
];

/** What each option of mocha is said to take, by all its names. @type {Map<string, string> | undefined} */
let kinds;

function kindsOfOptions() {
  const { types, aliases } = createRequire(import.meta.url)('mocha/lib/cli/run-option-metadata.cjs');
  const named = (/** @type {string} */ name) => [name, ...(aliases[name] ?? [])];
  const entries = Object.entries(types).flatMap(([kind, /** @type {string[]} */ names]) =>
    names.flatMap(named).map((/** @type {string} */ name) => /** @type {const} */ ([name, kind])),
  );
  return new Map(entries);
}

/**
 * Each argument, and what it is: an option, the value of the one before it, or a path.
 * @param {readonly string[]} args for mocha, which must be there
 * @returns {readonly { text: string, is: 'option' | 'value' | 'path' }[]}
 */
export function readArguments(args) {
  /** @type {'option' | 'value' | 'path'} */
  let next = 'path';
  return args.map((text) => {
    const is = next === 'path' && /^-./.test(text) ? 'option' : next;
    next = is === 'option' && takesNext(text) ? 'value' : 'path';
    return { text, is };
  });
}

/** Whether the next argument is the value of this option. @param {string} option @returns {boolean} */
function takesNext(option) {
  kinds ??= kindsOfOptions();
  if (!option.startsWith('--')) {
    // -bg serial, -gserial: letters up to the first that takes a value
    const letters = [...option.slice(1)];
    const at = letters.findIndex((letter) => kinds?.get(letter) !== 'boolean');
    if (at === -1) return false;
    if (!kinds.has(letters[at] ?? '')) refuse(option);
    return at === letters.length - 1;
  }
  const [name = ''] = option.slice(2).split('=', 1);
  const kind = kinds.get(name);
  if (kind !== undefined) return kind !== 'boolean' && !option.includes('=');
  const { isNodeFlag } = createRequire(import.meta.url)('mocha/lib/cli/node-flags.cjs');
  if (!kinds.has(name.replace(/^no-/, '')) && !isNodeFlag(name)) refuse(option);
  return false;
}

/** @param {string} option @returns {never} */
function refuse(option) {
  throw new StepFailed({ message: `${option}: npm test takes no such option`, next: USAGE });
}
