import './lib/node-version.mjs';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from './lib/prepare.mjs';
import { explain, say } from './lib/say.mjs';
import { copyTree } from './lib/tree-copy.mjs';
import { runMutant } from './testing/mutant.mjs';

/**
 * `npm run mutants [-- NAME...]` removes each guard of test/mutants in a copy of the checkout, runs
 * the test named beside it, and demands that this test fails. A name may be the beginning of
 * several. The last line is `N killed, N alive`; a mutant that is alive is a guard without a test.
 */
const { argv } = process;
const folder = mkdtempSync(join(tmpdir(), 'pfcng-mutants-'));
// Some tests run the program as another user, who must be able to read this copy.
chmodSync(folder, 0o755);
let killed = 0;
let alive = 0;
try {
  await prepare({ purposes: [], tests: ['test'], build: true });
  const { MUTANTS } = await import(new URL('../dist/test/mutants/all.js', import.meta.url).href);
  const named = argv.slice(2);
  const chosen = Object.entries(MUTANTS).filter(
    ([name]) => named.length === 0 || named.some((begin) => name.startsWith(begin)),
  );
  if (chosen.length === 0) say(`no mutant begins with ${named.join(' or ')}`);
  const tree = join(folder, 'tree');
  copyTree(tree);
  for (const [name, mutant] of chosen) {
    const startedMs = performance.now();
    const { isKilled, seen } = await runMutant(tree, mutant);
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
    say(`${isKilled ? 'killed' : 'ALIVE '} ${name}: ${mutant.guard} (${seconds} s)`);
    if (!isKilled) say(`  ${mutant.test}: ${mutant.title}: ${seen}`);
    if (isKilled) killed += 1;
    else alive += 1;
  }
} catch (error) {
  explain(error);
  alive += 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = alive > 0 || killed === 0 ? 1 : 0;
process.stdout.write(`${killed} killed, ${alive} alive\n`);
