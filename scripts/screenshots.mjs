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
try {
  await prepare({ purposes: [], tests: ['test/integration/console'], build: true });
  const program = ['--enable-source-maps', 'dist/test/screenshots/screenshots.js', ...process.argv.slice(2)];
  const how = await ending(spawn(process.execPath, program, { cwd: ROOT, stdio: 'inherit' }));
  process.exitCode = typeof how === 'number' ? how : 1;
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
