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
 * @param {PreparationNeeds & { build: boolean, native?: boolean }} wanted `native: false`: without
 * native modules, for what only reads sources
 */
export async function prepare({ build, native = true, ...wanted }) {
  if (isReady({ build, native, ...wanted })) return;
  const { withLock } = await import('./lock.mjs');
  await withLock({ path: join(ROOT, 'dist/.prepare.lock'), what: 'preparing this checkout' }, async () => {
    const { purposes } = wanted;
    const compiles = native && !modulesAreReady({ native });
    await provideSystem({ ...wanted, purposes: compiles ? [...purposes, 'compile'] : purposes });
    await provideModules({ native });
    if (build) await provideBuild();
  });
}

/** @param {PreparationNeeds & { build: boolean, native: boolean }} wanted */
function isReady({ build, native, ...wanted }) {
  return missing(wanted).length === 0 && modulesAreReady({ native }) && (!build || isBuilt());
}
