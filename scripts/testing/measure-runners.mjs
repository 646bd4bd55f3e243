import '../lib/node-version.mjs';
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { prepare } from '../lib/prepare.mjs';
import { ROOT } from '../lib/root.mjs';
import { ending } from '../lib/run.mjs';
import { say } from '../lib/say.mjs';

/**
 * `node scripts/testing/measure-runners.mjs [ROUNDS]` decides whether the runner of this folder is
 * worth its code: it is kept if it is at least 20 % faster than `mocha --parallel`. Each round runs
 * the whole set with both, in alternating order, because a machine gets slower or faster in an
 * hour. Nothing else may run on the machine meanwhile. The medians are printed at the end.
 */
const rounds = Number(process.argv[2] ?? 3);
const jobs = Math.min(8, 2 * availableParallelism());
const OWN = `import { allFiles } from './scripts/testing/files.mjs';
import { runTogether } from './scripts/testing/together.mjs';
const { passed, failed } = await runTogether(allFiles(), { PFCNG_MEMORY_OPEN_TO: 'debuggers' });
process.stdout.write(passed + ' passed, ' + failed + ' failed');`;

/** @type {Readonly<Record<string, readonly string[]>>} */
const RUNNERS = {
  own: ['--input-type=module', '--eval', OWN],
  parallel: ['node_modules/mocha/bin/mocha.js', '--parallel', '--jobs', String(jobs), 'dist/test/**/*.test.js'],
};

/** @param {string} name @returns {Promise<number>} seconds */
async function measure(name) {
  const env = { ...process.env, PFCNG_MEMORY_OPEN_TO: 'debuggers' };
  const startedMs = performance.now();
  const how = await ending(spawn(process.execPath, RUNNERS[name] ?? [], { cwd: ROOT, stdio: 'ignore', env }));
  const seconds = (performance.now() - startedMs) / 1000;
  say(`${name}: ${seconds.toFixed(0)} s, ended with ${how}`);
  return seconds;
}

/** @param {readonly number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

await prepare({ purposes: [], tests: ['test'], build: true });
/** @type {Record<string, number[]>} */
const seconds = { own: [], parallel: [] };
for (let round = 0; round < rounds; round += 1) {
  const order = round % 2 === 0 ? ['own', 'parallel'] : ['parallel', 'own'];
  for (const name of order) seconds[name]?.push(await measure(name));
}
const [own, parallel] = [median(seconds.own ?? []), median(seconds.parallel ?? [])];
const gain = 1 - own / parallel;
say(`medians: own ${own.toFixed(0)} s, mocha --parallel ${parallel.toFixed(0)} s: ${(100 * gain).toFixed(0)} % faster`);
say(gain >= 0.2 ? 'keep the own runner' : 'delete the own runner');
