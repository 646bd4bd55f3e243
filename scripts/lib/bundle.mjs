import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { ROOT } from './root.mjs';

/**
 * What runs is not seven hundred small modules and the libraries under them but a few large files of the same code: to find and
 * link that many takes each process of a start half a second of its processor. Tests import the small ones.
 */
const FOLDER = 'dist/bin';
/** Programs that are started by their names, beside each other: `new URL('./signer-child.js', import.meta.url)`. */
const ENTRIES = ['src/cli/main', 'src/cli/ceremony-process', 'hsm/signer-child', 'hsm/raw-rate'];
/** Native modules, what finds its own files by where it lies, and drivers that knex would load if they were there. */
const LEFT_ALONE = [
  ...['sqlite3', 'pkcs11js', 'graphene-pk11', 'pino'],
  ...['better-sqlite3', 'mariadb', 'mysql', 'mysql2', 'oracledb', 'pg-native', 'pg-query-stream', 'tedious'],
];
/** CommonJS libraries ask for Node's own modules by `require`, which a module of this kind has only if it is made. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

export const PROGRAMS = ENTRIES.map((entry) => `${FOLDER}/${basename(entry)}.js`);

/** From `dist`, which the compiler has just written; parts that nothing leads to any more are removed. Some 0.3 s. */
export function bundle() {
  /** @type {typeof import('esbuild')} */
  const { buildSync } = createRequire(import.meta.url)('esbuild');
  const { outputFiles } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES.map((entry) => `dist/${entry}.js`),
    outdir: FOLDER,
    entryNames: '[name]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: LEFT_ALONE,
    banner: { js: REQUIRE },
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
    write: false,
  });
  mkdirSync(join(ROOT, FOLDER), { recursive: true });
  for (const { path, contents } of outputFiles)
    if (!existsSync(path) || !readFileSync(path).equals(contents)) writeFileSync(path, contents);
  const made = new Set(outputFiles.map(({ path }) => basename(path)));
  for (const name of readdirSync(join(ROOT, FOLDER))) if (!made.has(name)) rmSync(join(ROOT, FOLDER, name));
  for (const program of PROGRAMS) chmodSync(join(ROOT, program), 0o755);
}
