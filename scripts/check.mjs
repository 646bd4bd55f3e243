import './lib/node-version.mjs';
import { spawnSync } from 'node:child_process';
import { compilation } from './lib/compile.mjs';
import { prepare } from './lib/prepare.mjs';
import { ROOT } from './lib/root.mjs';
import { explain, say } from './lib/say.mjs';

/**
 * `npm run check`: types, lint and format, layering, in less than 30 s for every commit. Every step
 * runs, also after one that failed. The types step writes dist as well: the compiler writes its
 * output in spite of type errors, so that layering is always checked.
 */
const node = process.execPath;

/**
 * @type {readonly { name: string, run: () => Outcome }[]}
 * @typedef {{ ok: boolean, output: string }} Outcome
 */
const STEPS = [
  { name: 'types', run: types },
  { name: 'types of scripts', run: () => command(node, ['node_modules/typescript/bin/tsc', '-p', 'scripts']) },
  {
    name: 'lint and format',
    run: () =>
      command(node, [
        'node_modules/@biomejs/biome/bin/biome',
        'ci',
        '--error-on-warnings',
        `--colors=${process.stdout.isTTY ? 'force' : 'off'}`,
        '.',
      ]),
  },
  {
    name: 'layering, house rules and mutants',
    run: () =>
      command(node, [
        'node_modules/mocha/bin/mocha.js',
        '--reporter',
        'dot',
        'dist/test/tidy.test.js',
        'dist/test/unit/scripts/mutants.test.js',
      ]),
  },
];

function types() {
  const { command: compiler, args, settle } = compilation();
  const outcome = command(compiler, args);
  if (outcome.ok) settle();
  return outcome;
}

/** @param {string} program @param {readonly string[]} args @returns {Outcome} */
function command(program, args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { ok: status === 0, output: error ? error.message : `${stdout}${stderr}` };
}

try {
  await prepare({ purposes: [], build: false, native: false });
  const red = STEPS.filter(({ name, run }) => {
    const startedMs = performance.now();
    const { ok, output } = run();
    if (!ok) process.stdout.write(`${output.trimEnd()}\n`);
    say(`${ok ? 'ok ' : 'RED'} ${name}, ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
    return !ok;
  });
  say(red.length === 0 ? 'check: all is green' : `check: red: ${red.map(({ name }) => name).join(', ')}`);
  process.exitCode = red.length === 0 ? 0 : 1;
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
