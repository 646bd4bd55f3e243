import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { ROOT } from './root.mjs';

/**
 * Bundles the modules of a program and its libraries into a few large files: to find and link seven
 * hundred small modules would cost each process half a second of CPU time at its start. Tests
 * import the small modules.
 */
const BUNDLES = [
  // Programs that start each other by name: `new URL('./signer-child.js', import.meta.url)`.
  {
    folder: 'dist/bin',
    groups: [
      ['src/cli/main', 'src/cli/ceremony/ceremony-process', 'hsm/bench/raw-rate'],
      // A service starts seven of them, each from a few files that no other program shares.
      ['hsm/signer/signer-child'],
      ['src/cli/serve/serve'],
      ['src/cli/signer/signer'],
    ],
  },
  // Programs that tests start often.
  { folder: 'dist/test/bin', groups: [['test/fault/ports/victim']] },
];
/**
 * Sub-commands that `main` imports from a group of their own: the code that it shares with other
 * sub-commands would be split into a hundred files, which each start would have to find and link.
 */
const SPLIT_OFF = ['src/cli/serve/serve', 'src/cli/signer/signer'];
/**
 * Not bundled: native modules, pdfkit and its fontkit (which find their files relative to their
 * own), and drivers that knex would load if they were installed.
 */
const LEFT_ALONE = [
  'sqlite3',
  'pkcs11js',
  'pdfkit',
  'fontkit',
  'better-sqlite3',
  'mariadb',
  'mysql',
  'mysql2',
  'oracledb',
  'pg-native',
  'pg-query-stream',
  'tedious',
];
/** CommonJS libraries load Node's modules with `require`, which an ES module must create. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

export const PROGRAMS = BUNDLES.flatMap(({ folder, groups }) => groups.flat().map((entry) => programOf(folder, entry)));

/** @param {string} path from the root */
export function isBundled(path) {
  return BUNDLES.some(({ folder }) => path.startsWith(`${folder}/`));
}

/**
 * Bundles from `dist`, which the compiler has just written, and deletes chunks that nothing imports
 * any more. Takes some 0.5 s.
 */
export function bundle() {
  for (const one of BUNDLES) putTogether(one);
  for (const program of PROGRAMS) chmodSync(join(ROOT, program), 0o755);
}

/**
 * One module compiled without regard to types: a mutant may leave an import unused.
 * @param {string} source TypeScript
 * @param {'ts' | 'tsx'} loader
 * @returns {string}
 */
export function compiledAlone(source, loader) {
  const compilerOptions = /** @type {const} */ ({
    verbatimModuleSyntax: true,
    jsx: 'react-jsx',
    jsxImportSource: 'preact',
  });
  const tsconfigRaw = { compilerOptions };
  return loadEsbuild().transformSync(source, { loader, format: 'esm', target: 'es2023', tsconfigRaw }).code;
}

/**
 * Loads esbuild so that each call of its synchronous functions starts a process and waits for its
 * end. By default a worker thread starts the process. When that thread ends, nothing waits for the
 * process any more, and it stays defunct as long as this one runs: `npm start` serves in the
 * process that has bundled.
 * @returns {typeof import('esbuild')}
 */
function loadEsbuild() {
  process.env.ESBUILD_WORKER_THREADS = '0';
  try {
    return createRequire(import.meta.url)('esbuild');
  } finally {
    delete process.env.ESBUILD_WORKER_THREADS;
  }
}

/** @param {string} folder @param {string} entry */
function programOf(folder, entry) {
  return `${folder}/${basename(entry)}.js`;
}

/** @param {{ folder: string, groups: readonly (readonly string[])[] }} bundled */
function putTogether({ folder, groups }) {
  const outputFiles = groups.flatMap((entries) => outputsOf(folder, entries));
  mkdirSync(join(ROOT, folder), { recursive: true });
  for (const { path, text } of outputFiles) {
    const contents = importingSplitOff(text);
    if (!existsSync(path) || readFileSync(path, 'utf8') !== contents) writeFileSync(path, contents);
  }
  const made = new Set(outputFiles.map(({ path }) => basename(path)));
  for (const name of readdirSync(join(ROOT, folder))) if (!made.has(name)) rmSync(join(ROOT, folder, name));
}

/** @param {string} text @returns {string} with the addresses of the bundles of `SPLIT_OFF` */
function importingSplitOff(text) {
  return SPLIT_OFF.reduce(
    (all, entry) => all.replace(`import("../${entry}.js")`, `import("./${basename(entry)}.js")`),
    text,
  );
}

/**
 * The programs of a group share files.
 * @param {string} folder
 * @param {readonly string[]} entries
 */
function outputsOf(folder, entries) {
  return loadEsbuild().buildSync({
    absWorkingDir: ROOT,
    entryPoints: entries.map((entry) => `dist/${entry}.js`),
    outdir: folder,
    entryNames: '[name]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: [
      ...LEFT_ALONE,
      ...SPLIT_OFF.filter((entry) => !entries.includes(entry)).map((entry) => `./dist/${entry}.js`),
    ],
    banner: { js: REQUIRE },
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
    write: false,
  }).outputFiles;
}
