import './lib/node-version.mjs';
import { spawn } from 'node:child_process';
import { prepare } from './lib/prepare.mjs';
import { ROOT } from './lib/root.mjs';
import { ending } from './lib/run.mjs';
import { explain } from './lib/say.mjs';

/**
 * `npm run bench [-- --quick] [-- --write]` prepares what is missing, builds, and measures
 * (`test/bench/main.ts`) in a process of its own, so that the preparation does not affect the
 * measurement.
 */
try {
  await prepare({ purposes: ['run', 'bench'], build: true });
  const args = [
    '--max-semi-space-size=16',
    '--max-old-space-size=1536',
    '--enable-source-maps',
    'dist/test/bench/main.js',
    ...process.argv.slice(2),
  ];
  const how = await ending(spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }));
  process.exitCode = typeof how === 'number' ? how : 1;
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
