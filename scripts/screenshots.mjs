import './lib/node-version.mjs';
import { spawn } from 'node:child_process';
import { prepare } from './lib/prepare.mjs';
import { ROOT } from './lib/root.mjs';
import { ending } from './lib/run.mjs';
import { explain } from './lib/say.mjs';

/**
 * `npm run screenshots [-- FOLDER [PAGE...]]`: pictures of the pages of the console
 * (`test/screenshots/screenshots.ts`). It needs what the tests of the console need.
 */
const USAGE = `usage: npm run screenshots [-- FOLDER [PAGE...]]
Writes pictures of the pages of the console, and an index.html that shows them, to FOLDER
(default: var/screenshots). PAGE is the id of a page in src/console/pages/all.ts, for example home.
`;

if (process.argv.slice(2).some((word) => word.startsWith('-'))) {
  process.stdout.write(USAGE);
  process.exit(process.argv.includes('--help') ? 0 : 2);
}

try {
  await prepare({ purposes: [], tests: ['test/integration/console'], build: true });
  const program = ['--enable-source-maps', 'dist/test/screenshots/screenshots.js', ...process.argv.slice(2)];
  const how = await ending(spawn(process.execPath, program, { cwd: ROOT, stdio: 'inherit' }));
  process.exitCode = typeof how === 'number' ? how : 1;
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
