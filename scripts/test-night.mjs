import './lib/node-version.mjs';
import { prepare } from './lib/prepare.mjs';
import { explain, say } from './lib/say.mjs';
import { runMocha } from './testing/mocha.mjs';
import { AMOUNTS } from './testing/night-amounts.mjs';

/**
 * `npm run test:night [-- VARIABLE...]` runs the test files of scripts/testing/night-amounts.mjs
 * with their large amounts, one file after the other, or only those of the variables named. A
 * variable that is set already keeps its value. The last line is `N passed, N failed`, for all
 * files together.
 */
const HOUR_MS = 3_600_000;
const FILE_LIMIT_MS = 3 * HOUR_MS;

const named = process.argv.slice(2);
const unknown = named.filter((name) => !AMOUNTS.some(({ variable }) => variable === name));
if (unknown.length > 0) {
  say(`unknown: ${unknown.join(', ')}; variables: ${AMOUNTS.map(({ variable }) => variable).join(', ')}`);
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
} catch (error) {
  explain(error);
  total.failed += 1;
}
process.exitCode = total.failed > 0 ? 1 : 0;
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
