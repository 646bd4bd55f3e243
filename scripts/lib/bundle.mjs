import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { ROOT } from './root.mjs';

/**
 * What runs is not seven hundred small modules and the libraries under them but a few large files of the same code: to find and
 * link that many takes each process of a start half a second of its processor. Tests import the small ones.
 */
const BUNDLES = [
  // Programs that are started by their names, beside each other: `new URL('./signer-child.js', import.meta.url)`.
  {
    folder: 'dist/bin',
    entries: ['src/cli/main', 'src/cli/ceremony/ceremony-process', 'hsm/signer/signer-child', 'hsm/bench/raw-rate'],
  },
  // What tests start so often that it matters.
  { folder: 'dist/test/bin', entries: ['test/fault/ports/victim'] },
];
/**
 * Not bundled: native modules, libraries that find their own files by their location (pdfkit and its fontkit), and
 * drivers that knex would load if they were installed.
 */
const LEFT_ALONE = [
  ...['sqlite3', 'pkcs11js', 'pdfkit', 'fontkit'],
  ...['better-sqlite3', 'mariadb', 'mysql', 'mysql2', 'oracledb', 'pg-native', 'pg-query-stream', 'tedious'],
];
/** CommonJS libraries ask for Node's own modules by `require`, which a module of this kind has only if it is made. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

export const PROGRAMS = BUNDLES.flatMap(({ folder, entries }) => entries.map((entry) => programOf(folder, entry)));

/** @param {string} path from the root */
export function isBundled(path) {
  return BUNDLES.some(({ folder }) => path.startsWith(`${folder}/`));
}

/** From `dist`, which the compiler has just written; parts that nothing leads to any more are removed. Some 0.5 s. */
export function bundle() {
  for (const one of BUNDLES) putTogether(one);
  for (const program of PROGRAMS) chmodSync(join(ROOT, program), 0o755);
}

/** @param {string} folder @param {string} entry */
function programOf(folder, entry) {
  return `${folder}/${basename(entry)}.js`;
}

/** @param {{ folder: string, entries: readonly string[] }} bundled */
function putTogether({ folder, entries }) {
  /** @type {typeof import('esbuild')} */
  const { buildSync } = createRequire(import.meta.url)('esbuild');
  const { outputFiles } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: entries.map((entry) => `dist/${entry}.js`),
    outdir: folder,
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
  mkdirSync(join(ROOT, folder), { recursive: true });
  for (const { path, contents } of outputFiles)
    if (!existsSync(path) || !readFileSync(path).equals(contents)) writeFileSync(path, contents);
  const made = new Set(outputFiles.map(({ path }) => basename(path)));
  for (const name of readdirSync(join(ROOT, folder))) if (!made.has(name)) rmSync(join(ROOT, folder, name));
}
