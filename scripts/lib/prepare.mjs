import { join } from 'node:path';
import { isBuilt, provideBuild } from './compile.mjs';
import { modulesAreReady, provideModules } from './modules.mjs';
import { missing } from './needs.mjs';
import { ROOT } from './root.mjs';
import { provideSystem } from './system.mjs';

/** @typedef {import('./needs.mjs').WantedTools} PreparationNeeds */

/**
 * Prepares a bare clone to run: system packages, npm packages, build. With nothing to do it takes
 * some ten milliseconds and no lock; otherwise one command at a time prepares.
 * @param {PreparationNeeds & { build: boolean }} wanted
 */
export async function prepare({ build, ...wanted }) {
  if (isReady({ build, ...wanted })) return;
  const { withLock } = await import('./lock.mjs');
  await withLock({ path: join(ROOT, 'dist/.prepare.lock'), what: 'preparing this checkout' }, async () => {
    const { purposes } = wanted;
    await provideSystem({ ...wanted, purposes: modulesAreReady() ? purposes : [...purposes, 'compile'] });
    await provideModules();
    if (build) await provideBuild();
  });
}

/** @param {PreparationNeeds & { build: boolean }} wanted */
function isReady({ build, ...wanted }) {
  return missing(wanted).length === 0 && modulesAreReady() && (!build || isBuilt());
}
