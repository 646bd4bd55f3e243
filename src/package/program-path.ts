import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from './package-root.js';

/** Programs that run as processes of their own, each by the path of its module without suffix. */
type Program = 'hsm/bench/raw-rate' | 'hsm/signer/signer-child' | 'src/cli/ceremony/ceremony-process' | 'src/cli/main';

/**
 * The file of a program. All bundled programs are in `dist/bin` (`scripts/lib/bundle.mjs`) and
 * start each other there. Tests, whose own code is not bundled, start them too, because a bundle
 * takes half of the processor time to start; while coverage is measured, they start the modules.
 */
export function programPath(program: Program): string {
  const folder = dirname(fileURLToPath(import.meta.url));
  const name = `${basename(program)}.js`;
  if (basename(folder) === 'bin') return join(folder, name);
  const isMeasured = process.env.NODE_V8_COVERAGE !== undefined;
  return join(packageRoot(), 'dist', isMeasured ? `${program}.js` : join('bin', name));
}
