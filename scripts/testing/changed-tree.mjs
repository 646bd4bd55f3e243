import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiledAlone } from '../lib/bundle.mjs';

/**
 * @typedef {object} Change
 * @property {string} file
 * @property {string} find occurs exactly once in the file, however the formatter breaks its lines
 * @property {string} replace
 */

/**
 * Makes the change in a copy of the checkout (`copyTree`), and compiles and bundles it without
 * regard to types.
 * @param {string} tree the copy
 * @param {Change} change
 * @returns {() => void} takes the change back, but for the bundles
 */
export function changeTree(tree, { file, find, replace }) {
  const source = join(tree, file);
  const before = readFileSync(source, 'utf8');
  // Scripts are run as they are.
  const [, loader] = /\.(tsx?)$/.exec(file) ?? [];
  const isCompiled = loader === 'ts' || loader === 'tsx';
  const output = isCompiled ? join(tree, 'dist', file.replace(/\.tsx?$/, '.js')) : source;
  const outputBefore = readFileSync(output, 'utf8');
  if (countOf(before, find) !== 1) throw new Error(`the text to find does not occur exactly once in ${file}`);
  const changed = before.replace(patternOf(find), () => replace);
  const takeBack = () => {
    writeFileSync(source, before);
    writeFileSync(output, outputBefore);
  };
  try {
    writeFileSync(source, changed);
    if (isCompiled) writeFileSync(output, compiledAlone(changed, loader));
    bundle(tree);
    return takeBack;
  } catch (error) {
    takeBack();
    throw error;
  }
}

/**
 * How often the text occurs.
 * @param {string} source
 * @param {string} find
 */
export function countOf(source, find) {
  return [...source.matchAll(patternOf(find))].length;
}

/** @param {string} find */
function patternOf(find) {
  const words = find.trim().split(/\s+/);
  return new RegExp(words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('\\s+'), 'g');
}

/**
 * Services and signers of tests run the bundles; a change may be one of a schema.
 * @param {string} tree
 */
function bundle(tree) {
  const program =
    "import { generateValidators } from './scripts/lib/validators.mjs';" +
    "import { bundle } from './scripts/lib/bundle.mjs';" +
    'generateValidators(); bundle();';
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: tree,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}
