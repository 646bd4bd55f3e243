/** The programs of `scripts/lib/bundle.mjs`: each process loads only the code of its role. */
import assert from 'node:assert/strict';
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/package/package-root.js';

const FOLDER = join(packageRoot(), 'dist/bin');
const STATIC = /^(?:import|export)\b[^'"]*?["']\.\/([\w-]+\.js)["']/gm;
const DYNAMIC = /\bimport\(["']\.\/([\w-]+\.js)["']\)/g;

/** Returns the files of a program: its own, and everything that it loads by these imports. */
function filesOf(program: string, imports: readonly RegExp[]): readonly string[] {
  const files = [program];
  for (const file of files) {
    const text = readFileSync(join(FOLDER, file), 'utf8');
    const next = imports.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = '']) => name));
    files.push(...new Set(next.filter((name) => !files.includes(name))));
  }
  return files;
}

/** Returns the sources that these files are made of. */
function sourcesOf(program: string, imports: readonly RegExp[]): readonly string[] {
  return filesOf(program, imports).flatMap((file) => {
    const { sources } = JSON.parse(readFileSync(join(FOLDER, `${file}.map`), 'utf8')) as { sources: readonly string[] };
    return sources;
  });
}

function librariesIn(sources: readonly string[]): readonly string[] {
  const found = sources.flatMap((source) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? []);
  return [...new Set(found)].sort();
}

describe('the programs', () => {
  it('of a signer has no library except the one for PKCS#11', () => {
    const sources = sourcesOf('signer-child.js', [STATIC, DYNAMIC]);
    assert.ok(sources.some((source) => source.endsWith('hsm/signer/signer-core.ts')) && sources.length > 300);
    assert.deepEqual(librariesIn(sources), ['graphene-pk11', 'tslib']);
  });

  it('of a signer loads no lint rule before it knows its token', () => {
    const sources = sourcesOf('signer-child.js', [STATIC]);
    assert.deepEqual(
      sources.filter((source) => /src\/lint\/[a-z]+\/rules\//.test(source)),
      [],
    );
  });

  it('of the command loads nothing of the service before a sub-command needs it', () => {
    const sources = sourcesOf('main.js', [STATIC]);
    assert.deepEqual(librariesIn(sources), ['commander']);
    assert.ok(sources.length < 25, `${sources.length} sources`);
  });

  it('import only each other, so that the package needs no other file of dist', () => {
    const names = readdirSync(FOLDER).filter((name) => name.endsWith('.js'));
    const outside = names.filter((name) => /\bimport\(["']\.\.\//.test(readFileSync(join(FOLDER, name), 'utf8')));
    assert.deepEqual(outside, []);
  });

  it('of a service and of its supervisor are found and linked in few files', () => {
    const count = (program: string) => filesOf(program, [STATIC]).length;
    assert.ok(count('signer.js') <= 5, `${count('signer.js')} files of the supervisor`);
    assert.ok(count('serve.js') <= 40, `${count('serve.js')} files of the service`);
  });

  it('bundle no library that locates files relative to itself, except for features that are not used', () => {
    // These parts are stubs of migrations, workers of pino's transports, and comments.
    const known = ['commander', 'knex', 'pino', 'thread-stream'];
    const found = readdirSync(FOLDER)
      .filter((name) => name.endsWith('.js'))
      .flatMap((name) => readFileSync(join(FOLDER, name), 'utf8').split(/^\/\/ (?=[\w.@/-]+\.[cm]?js$)/m))
      .filter((part) => /__dirname|import\.meta\.url/.test(part))
      .flatMap((part) => librariesIn([part.split('\n', 1)[0] ?? '']));
    assert.deepEqual([...new Set(found)].sort(), known);
  });

  it('can be executed', () => {
    for (const name of ['main.js', 'ceremony-process.js', 'signer-child.js', 'raw-rate.js'])
      accessSync(join(FOLDER, name), constants.X_OK);
  });
});
