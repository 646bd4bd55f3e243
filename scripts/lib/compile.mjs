import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, isBundled, PROGRAMS } from './bundle.mjs';
import { CLIENT_TYPES, generateClientTypes } from './client-types.mjs';
import { digestOf, filesUnder, readStamp, writeStamp } from './files.mjs';
import { ROOT } from './root.mjs';
import { runLogged } from './run.mjs';
import { say } from './say.mjs';
import { generateValidators, MODULES } from './validators.mjs';

const STAMP = 'dist/.build-stamp';
/** Programs of others are compiled with the declarations of these modules. */
const DECLARED = 'src/client';
const DECLARED_STAMP = 'dist/.client-stamp';
const COMPILER = 'node_modules/typescript/bin/tsc';
/** To check the declarations of libraries takes a third of the time; `npm run check` does it. */
const WITHOUT_LIBRARIES = '--skipLibCheck';
const FOLDERS = ['src', 'hsm', 'scripts', 'test'];

const GENERATORS = ['scripts/lib/bundle.mjs', 'scripts/lib/validators.mjs', 'scripts/lib/client-types.mjs'];
const GENERATED = Object.values(MODULES);

const sources = () => FOLDERS.flatMap(filesUnder).filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'));
const digest = (/** @type {readonly string[]} */ paths) =>
  digestOf(['tsconfig.json', 'package-lock.json', ...GENERATORS, ...filesUnder('policies/schemas'), ...paths]);
const outputOf = (/** @type {string} */ source) => `dist/${source.replace(/\.tsx?$/, '.js')}`;
const isThere = (/** @type {string} */ path) => existsSync(join(ROOT, path));

/**
 * @returns {boolean} whether `dist` is what the sources say; reads every source, some ten
 * milliseconds
 */
export function isBuilt() {
  const paths = sources();
  return (
    readStamp(STAMP) === digest(paths) &&
    [...paths.map(outputOf), ...GENERATED, ...PROGRAMS, CLIENT_TYPES].every(isThere)
  );
}

/** Compiles to `dist` when the sources have changed. Call it under the lock. */
export async function provideBuild() {
  if (isBuilt()) return;
  say('build: tsc compiles to dist');
  const { command, args, settle } = compilation();
  await runLogged({
    title: 'build',
    command,
    args: [...args, WITHOUT_LIBRARIES],
    next: ['Fix what the compiler reports, then try again.'],
  });
  settle();
}

/**
 * The command of the compiler, for callers that run it themselves; what it needs of generated
 * sources is written first. Call `settle` after success: it
 * removes outputs whose source is gone, generates the validators, bundles the programs, and stamps
 * `dist` with the sources as they were before the compiler read them.
 */
export function compilation() {
  generateClientTypes();
  const paths = sources();
  const before = digest(paths);
  // The compiler's incremental state knows sources, not outputs, and must be deleted after an
  // output was lost.
  if (!paths.every((path) => isThere(outputOf(path)))) rmSync(join(ROOT, 'dist/.tsbuildinfo'), { force: true });
  const settle = () => {
    removeStale(new Set([...paths.map(outputOf), ...GENERATED]));
    declareClient();
    generateValidators();
    bundle();
    writeStamp(STAMP, before);
  };
  return { command: process.execPath, args: [COMPILER, '-p', 'tsconfig.json'], settle };
}

function declareClient() {
  const project = 'scripts/client.tsconfig.json';
  const digest = digestOf([project, 'tsconfig.json', ...filesUnder(DECLARED)]);
  if (readStamp(DECLARED_STAMP) === digest && isThere(`dist/${DECLARED}/client.d.ts`)) return;
  execFileSync(process.execPath, [COMPILER, '-p', project], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  writeStamp(DECLARED_STAMP, digest);
}

/** @param {ReadonlySet<string>} outputs */
function removeStale(outputs) {
  for (const folder of FOLDERS) {
    for (const path of filesUnder(`dist/${folder}`)) {
      if (!outputs.has(path.replace(/\.map$|\.d\.ts$/, (end) => (end === '.map' ? '' : '.js'))) && !isBundled(path))
        rmSync(join(ROOT, path));
    }
    if (isThere(`dist/${folder}`)) removeEmpty(join(ROOT, 'dist', folder));
  }
}

/** @param {string} folder absolute */
function removeEmpty(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmpty(join(folder, entry.name));
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
