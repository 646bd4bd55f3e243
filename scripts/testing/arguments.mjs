import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from '../lib/root.mjs';
import { StepFailed } from '../lib/say.mjs';

/**
 * What `npm test --` takes. mocha ignores an unknown option without a warning, and after a typing
 * error the whole set would run.
 */

export const USAGE = [
  'usage: npm test [-- [--coverage] [options of mocha] [test files or folders]]',
  'e.g.:  npm test                                   all tests but the long files: within 10 minutes',
  '       npm test -- test                           every test, as CI does',
  '       npm test -- test/unit/lint --grep serial   some of them',
];

/**
 * The kind of value that each option of mocha takes, by all names of the option.
 * @type {Map<string, string> | undefined}
 */
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
 * The folders and files of tests among the arguments, as paths of sources; all tests where there
 * are none. It can be called before mocha is installed, so that it takes the value of an option for
 * a path where such a path exists.
 * @param {readonly string[]} args
 * @returns {readonly string[]}
 */
export function testPaths(args) {
  const paths = args
    .map((text) =>
      text
        .replace(/^\.\//, '')
        .replace(/^dist\//, '')
        .replace(/\.js$/, '.ts')
        .replace(/\/$/, ''),
    )
    .filter((path) => /^test(\/|$)/.test(path) && existsSync(join(ROOT, path)));
  return paths.length === 0 ? ['test'] : paths;
}

/**
 * Each argument with its kind: an option, the value of the option before it, or a path.
 * @param {readonly string[]} args for mocha, which must be installed
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

/**
 * Whether the next argument is the value of this option.
 * @param {string} option
 * @returns {boolean}
 */
function takesNext(option) {
  kinds ??= kindsOfOptions();
  if (!option.startsWith('--')) {
    // Short options can be joined (-bg serial, -gserial), up to the first that takes a value.
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
  throw new StepFailed({ message: `${option}: npm test has no such option`, next: USAGE });
}
