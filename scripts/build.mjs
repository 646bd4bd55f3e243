import './lib/node-version.mjs';
import { prepare } from './lib/prepare.mjs';
import { explain, say } from './lib/say.mjs';

/** `npm run build` compiles to dist when the sources have changed. */
try {
  await prepare({ purposes: [], build: true });
  say('build: dist is up to date');
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
