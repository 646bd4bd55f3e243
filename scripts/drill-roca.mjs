import './lib/node-version.mjs';
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { prepare } from './lib/prepare.mjs';
import { ROOT } from './lib/root.mjs';
import { ending } from './lib/run.mjs';
import { explain } from './lib/say.mjs';

/**
 * `npm run drill:roca [-- OPTION...]` (`test/scale/drill.ts`). The installation of the drill is
 * below its folder, so that it is there when the drill goes on.
 */
try {
  await prepare({ purposes: ['run'], build: true });
  const args = process.argv.slice(2);
  const at = args.indexOf('--folder');
  const temporary = join(resolve((at < 0 ? undefined : args[at + 1]) ?? join(ROOT, 'var/drill')), 'installation');
  mkdirSync(temporary, { recursive: true });
  const program = ['--enable-source-maps', 'dist/test/scale/drill.js', ...args];
  const env = { ...process.env, TMPDIR: temporary };
  const how = await ending(spawn(process.execPath, program, { cwd: ROOT, stdio: 'inherit', env }));
  process.exitCode = typeof how === 'number' ? how : 1;
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
