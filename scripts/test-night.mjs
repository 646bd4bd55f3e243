import './lib/node-version.mjs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepare } from './lib/prepare.mjs';
import { ROOT } from './lib/root.mjs';
import { explain, say } from './lib/say.mjs';
import { runMocha } from './testing/mocha.mjs';
import { AMOUNTS } from './testing/night-amounts.mjs';

/**
 * `npm run test:night [-- VARIABLE...]` runs the test files of scripts/testing/night-amounts.mjs
 * with their large amounts, one file after the other, or only those of the variables named. A
 * variable that is set already keeps its value. `node-24` stands for the whole suite on Node 24
 * with its usual amounts, which is run last. The last line is `N passed, N failed`, for all of it
 * together.
 */
const HOUR_MS = 3_600_000;
const FILE_LIMIT_MS = 3 * HOUR_MS;
const NODE_24 = 'node-24';

const named = process.argv.slice(2);
const names = [...new Set(AMOUNTS.map(({ variable }) => variable)), NODE_24];
const unknown = named.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  say(`unknown: ${unknown.join(', ')}; known: ${names.join(', ')}`);
  process.exit(2);
}

const chosen = AMOUNTS.filter(({ variable }) => named.length === 0 || named.includes(variable));
const files = [...new Set(chosen.map(({ file }) => file))];
const total = { passed: 0, failed: 0 };
try {
  await prepare({ purposes: [], tests: files, build: true });
  for (const file of files) {
    const amounts = chosen.filter((amount) => amount.file === file);
    const entries = amounts.map(({ variable, night }) => [variable, process.env[variable] ?? String(night)]);
    const minutes = amounts.reduce((sum, amount) => sum + amount.minutes, 0);
    say(`${file}: ${entries.map((entry) => entry.join('=')).join(' ')}, about ${minutes} minutes`);
    const env = Object.fromEntries(entries);
    const tally = await runMocha({ args: [file], coverageFolder: null, env, limitMs: FILE_LIMIT_MS });
    const { passed, failed } = tally;
    total.passed += passed;
    total.failed += failed;
    for (const reason of tally.reasons) process.stdout.write(`\n${reason}`);
    say(`${file}: ${passed} passed, ${failed} failed`);
  }
  if (named.length === 0 || named.includes(NODE_24)) runOnNode24();
} catch (error) {
  explain(error);
  total.failed += 1;
}
process.exitCode = total.failed > 0 ? 1 : 0;
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);

/** Runs the whole suite on Node 24 and adds its last line to the total. */
function runOnNode24() {
  say('the whole suite on Node 24, about 35 minutes');
  const { stdout, status } = spawnSync(join(ROOT, '.ci/node-24/run'), ['test'], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.stdout.write(stdout);
  const [, passed = '0', failed = '1'] = /(\d+) passed, (\d+) failed\n$/.exec(stdout) ?? [];
  total.passed += Number(passed);
  total.failed += status === 0 ? 0 : Math.max(1, Number(failed));
}
