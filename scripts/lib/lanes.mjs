import { existsSync, readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, sep } from 'node:path';
import { ROOT } from './root.mjs';

/**
 * The whole set is processes of mocha side by side: one alone waits for disks, tokens and deadlines half of the time. Each starts
 * databases and services of its own. A file is of the first lane that its name fits, or of the last one. The two that take longest are
 * the same work on each database: they give way (nice) to the one that sees how soon a signer is back.
 */
const LANES = [
  // Besides, what starts processes one after the other, and waits for them: ceremonies, responders of their own.
  {
    files:
      /^(fault\/ports\/ports-postgresql\.|integration\/(ceremony\/|service\/(responder|outlets)\.|hsm\/remedies\.))/,
    nice: 10,
  },
  // Besides, the judges, who have a service that nobody else asks; and, here and there, what has one of its own or none and waits: for a
  // server to come back, for a token to be tried again.
  {
    files:
      /^(conformance|fault\/ports|integration\/(db\/postgresql-(server|faults)|hsm\/unlock|attack\/degraded-start))[/.]/,
    nice: 10,
  },
  { files: /^fault\//, nice: 0 },
  { files: /^/, nice: 5 },
];

/** Arguments of a process of mocha. @typedef {{ readonly args: readonly string[], readonly nice: number }} Lane */

/**
 * Arguments of `npm test --` for mocha, a list for each process: names of sources become names of outputs
 * (`test/tidy.test.ts`, `test/unit/lint`); without any name, every test is meant. What is tested is built before.
 * @param {readonly string[]} args
 * @returns {readonly Lane[]}
 */
export function lanesOf(args) {
  if (args.length === 0 && availableParallelism() > 1) return lanesOfAll();
  let named = false;
  const translated = args.map((arg) => {
    const path = arg.replace(/^\.\//, '').replace(/\/$/, '');
    if (/^dist\/test\b/.test(path)) named = true;
    if (!/^test(\/|$)/.test(path) || !existsSync(join(ROOT, path))) return arg;
    named = true;
    const isFolder = statSync(join(ROOT, path)).isDirectory();
    return isFolder ? `dist/${path}/**/*.test.js` : `dist/${path.replace(/\.ts$/, '.js')}`;
  });
  return [{ args: named ? translated : [...translated, 'dist/test/**/*.test.js'], nice: 0 }];
}

/** @returns {readonly Lane[]} */
function lanesOfAll() {
  const names = readdirSync(join(ROOT, 'dist/test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => name.split(sep).join('/'))
    .sort();
  /** @param {string} name */
  const laneOf = (name) => LANES.findIndex(({ files }) => files.test(name));
  return LANES.map(({ nice }, at) => ({
    args: names.filter((name) => laneOf(name) === at).map((name) => `dist/test/${name}`),
    nice,
  }));
}
