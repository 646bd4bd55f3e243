import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from './package-root.js';

/** Programs that are started as processes of their own, each by the path of its module without the suffix. */
export type Program =
  | 'hsm/bench/raw-rate'
  | 'hsm/signer/signer-child'
  | 'src/cli/ceremony/ceremony-process'
  | 'src/cli/main';

/**
 * The file of a program. In `dist/bin` all programs are bundled side by side (`scripts/lib/bundle.mjs`); otherwise
 * each is where the compiler writes it.
 */
export function programPath(program: Program): string {
  const folder = dirname(fileURLToPath(import.meta.url));
  if (basename(folder) === 'bin') return join(folder, `${basename(program)}.js`);
  return join(packageRoot(), 'dist', `${program}.js`);
}
