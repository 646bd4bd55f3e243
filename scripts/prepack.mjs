import './lib/node-version.mjs';
import { chmodSync, lstatSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder } from './lib/files.mjs';
import { prepare } from './lib/prepare.mjs';
import { ROOT } from './lib/root.mjs';
import { explain, StepFailed } from './lib/say.mjs';
import { makeSbom, SBOM } from './lib/sbom.mjs';

/**
 * npm runs this before `npm pack`: it compiles what the package has of `dist`, and writes the bill
 * of materials. `bundleDependencies` of package.json puts the libraries into the package. npm
 * removes dates and owners itself; the modes of files are made independent of the umask here, so
 * that the same commit gives the same octets.
 */
const PACKED = ['dist', 'hsm', 'node_modules', 'ops', 'policies', 'scripts', 'src'];

function refuseLinkedModules() {
  if (!lstatSync(join(ROOT, 'node_modules')).isSymbolicLink()) return;
  throw new StepFailed({
    message: 'node_modules is a symbolic link: npm pack would leave libraries out without a word.',
    next: ['Install them in this folder: npm ci'],
  });
}

/** Programs get 755 and all other files 644. @param {string} path */
function setMode(path) {
  const { mode } = statSync(path);
  const wanted = mode & 0o100 ? 0o755 : 0o644;
  if ((mode & 0o777) !== wanted) chmodSync(path, wanted);
}

try {
  await prepare({ purposes: [], build: true, native: false });
  refuseLinkedModules();
  writeFileSync(join(ROOT, SBOM), makeSbom());
  for (const file of PACKED.flatMap(filesUnder)) setMode(join(ROOT, file));
  for (const name of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'])
    setMode(join(ROOT, name));
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
