import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from './package-root.js';

/** Programs that run as processes of their own, each by the path of its module without suffix. */
type Program = 'hsm/bench/raw-rate' | 'hsm/signer/signer-child' | 'src/cli/ceremony/ceremony-process' | 'src/cli/main';

/**
 * The file of a program. `dist/bin` has all bundled programs in one folder
 * (`scripts/lib/bundle.mjs`); code that is not bundled uses the compiler's output.
 */
export function programPath(program: Program): string {
  const folder = dirname(fileURLToPath(import.meta.url));
  if (basename(folder) === 'bin') return join(folder, `${basename(program)}.js`);
  return join(packageRoot(), 'dist', `${program}.js`);
}
