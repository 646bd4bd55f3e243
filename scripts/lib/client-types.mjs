import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { digestOf, readStamp, writeStamp } from './files.mjs';
import { ROOT } from './root.mjs';

/**
 * Generates the types of the client of the API (`src/client/generated.ts`) from the OpenAPI
 * document, with `openapi-typescript`. That needs the compiler API of TypeScript 5, which
 * TypeScript 7 no longer has, so it is installed apart from the checkout's own packages.
 */
export const CLIENT_TYPES = 'src/client/generated.ts';
const MANIFESTS = ['package.json', 'package-lock.json'].map((name) => `scripts/client-types/${name}`);
const FOLDER = 'var/client-types';
const STAMP = `${FOLDER}/.stamp`;

const run = promisify(execFile);

/**
 * @typedef {object} Operation
 * @property {readonly { name?: string }[]} parameters
 * @property {Readonly<Record<string, unknown>>} responses by status, and `default`
 * @typedef {Readonly<Record<string, Operation>>} PathItem
 * @typedef {{ readonly paths: Readonly<Record<string, PathItem>> }} Document
 */

/**
 * What the OpenAPI document says, without the version of the program and the address.
 * @returns {Promise<Document>}
 */
export async function clientDocument() {
  const module = pathToFileURL(join(ROOT, 'dist/src/http/api/openapi.js')).href;
  /** @type {{ openApiDocument: (about: { version: string, url: string }) => Document }} */
  const { openApiDocument } = await import(module);
  return openApiDocument({ version: '0', url: 'https://127.0.0.1:8443' });
}

/** The text of the generated module, for the sources that were built last. */
export async function generateClientTypes() {
  await provideGenerator();
  const document = await clientDocument();
  const input = join(ROOT, FOLDER, 'openapi.json');
  const output = join(ROOT, FOLDER, 'generated.ts');
  writeFileSync(input, JSON.stringify(withoutProblems(document)));
  const program = join(ROOT, FOLDER, 'node_modules/openapi-typescript/bin/cli.js');
  await run(process.execPath, [program, input, '--output', output], { cwd: join(ROOT, FOLDER) });
  const types = readFileSync(output, 'utf8').replace(/^\/\*\*[\s\S]*?\*\/\n/, '');
  return [
    '/** Written by `npm run client-types` from the OpenAPI document. */',
    '',
    '/** Paths whose POST is executed once for each Idempotency-Key. */',
    listOf('IDEMPOTENT_PATHS', idempotentPaths(document)),
    '',
    '/** The codes of problem documents. */',
    listOf('PROBLEM_CODES', problemCodes(document)),
    '',
    types.trim(),
    '',
  ].join('\n');
}

/**
 * All problem documents have one type, that of the response `default`: written out for each status
 * of each call they would be three quarters of the module.
 * @param {Document} document
 * @returns {Document}
 */
function withoutProblems(document) {
  const paths = mapValues(document.paths, (operations) =>
    mapValues(operations, (operation) => ({
      ...operation,
      responses: Object.fromEntries(
        Object.entries(operation.responses).filter(([status]) => status === 'default' || status < '400'),
      ),
    })),
  );
  return { ...document, paths };
}

/**
 * @template From, To
 * @param {Readonly<Record<string, From>>} record
 * @param {(value: From) => To} change
 * @returns {Record<string, To>}
 */
function mapValues(record, change) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

/** @param {string} name @param {readonly string[]} texts */
function listOf(name, texts) {
  return `export const ${name} = [\n${texts.map((text) => `  '${text}',\n`).join('')}] as const;`;
}

/** @param {Document} document @returns {readonly string[]} */
function idempotentPaths(document) {
  return Object.entries(document.paths)
    .filter(([, { post }]) => post?.parameters.some(({ name }) => name === 'Idempotency-Key'))
    .map(([path]) => path)
    .sort();
}

/** @param {Document} document @returns {readonly string[]} */
function problemCodes(document) {
  const found = JSON.stringify(document).matchAll(/"code":\{"type":"string","enum":(\[[^\]]*\])/g);
  return [...new Set([...found].flatMap(([, list = '[]']) => /** @type {string[]} */ (JSON.parse(list))))].sort();
}

/** Installs the generator, if it is not there as its lock says. */
async function provideGenerator() {
  const digest = digestOf(MANIFESTS);
  if (readStamp(STAMP) === digest && existsSync(join(ROOT, FOLDER, 'node_modules/openapi-typescript'))) return;
  mkdirSync(join(ROOT, FOLDER), { recursive: true });
  for (const path of MANIFESTS) copyFileSync(join(ROOT, path), join(ROOT, FOLDER, path.replace(/.*\//, '')));
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: join(ROOT, FOLDER) });
  writeStamp(STAMP, digest);
}
