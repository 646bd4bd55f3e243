import { join } from 'node:path';
import { isBuilt, provideBuild } from './compile.mjs';
import { modulesAreReady, provideModules } from './modules.mjs';
import { missing } from './needs.mjs';
import { ROOT } from './root.mjs';
import { provideSystem } from './system.mjs';

/** @typedef {import('./needs.mjs').Purpose} Purpose */

/**
 * From a bare clone to something that runs: system packages, npm packages, build. Nothing to do costs some ten
 * milliseconds and takes no lock; something to do is done by one command at a time.
 * @param {{ purposes: readonly Purpose[], build: boolean }} wanted
 */
export async function prepare({ purposes, build }) {
  if (isReady({ purposes, build })) return;
  const { withLock } = await import('./lock.mjs');
  await withLock({ path: join(ROOT, 'dist/.prepare.lock'), what: 'preparing this checkout' }, async () => {
    await provideSystem(modulesAreReady() ? purposes : [...purposes, 'compile']);
    await provideModules();
    if (build) await provideBuild();
  });
}

/** @param {{ purposes: readonly Purpose[], build: boolean }} wanted */
function isReady({ purposes, build }) {
  return missing(purposes).length === 0 && modulesAreReady() && (!build || isBuilt());
}
