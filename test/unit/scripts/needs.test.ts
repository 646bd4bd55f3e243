/**
 * Without this test `npm test -- FOLDER` could leave out a program that the tests of the folder
 * start, or install one that none of them uses.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';
import { present } from '../../../src/kernel/assert.js';
import { packageRoot } from '../../../src/package/package-root.js';

type Need = { readonly what: string; readonly when: readonly string[]; readonly tests?: readonly string[] };
type Needs = {
  readonly NEEDS: readonly Need[];
  readonly needed: (wanted: { readonly purposes: readonly string[]; readonly tests: readonly string[] }) => Need[];
};

/**
 * The text by which the sources of tests show that they use a need, by the first words of the need.
 */
const MARKS: Readonly<Record<string, RegExp>> = {
  'SoftHSM (': /await developmentHome|SOFTHSM_MODULE = /,
  'openssl (': /['"`/ ]openssl\b/,
  'python3 (': /spawn\('python3'|'python3', '-c'/,
  'curl (': /['"`/ ]curl\b/,
  'jq (': /blocksOf\('README\.md'|'jq'/,
  'zsh (': /'zsh'/,
  'fish (': /'fish'/,
  'pdftotext (': /'pdftotext/,
  'GnuTLS ': /'(certtool|ocsptool)'/,
  'opencryptoki (': /opencryptoki/,
  'p11-kit (': /'p11-kit'/,
  "p11-kit's": /p11-kit-client/,
  'the PostgreSQL server': /initdb/,
  'debootstrap (': /'debootstrap'/,
  'systemd (': /'systemd-creds'/,
  'ip (': /spawnSync\('ip'/,
  'HAProxy (': /'haproxy'/,
  'strace (': /'strace'/,
  'zlint (': /'zlint'/,
  'certificates that': /cryptography_vectors/,
  'NSS ': /'(vfychain|certutil|crlutil|cmsutil|ocspclnt)'/,
  'Chromium (': /chromium\.launchPersistentContext/,
  'a JDK': /\bjavac\b/,
  'Bouncy Castle': /bcprov/,
  estclient: /'estclient'/,
  'pki of strongSwan': /judge\('pki'/,
  pyca: /judge\('python3'/,
  'slapd (': /'slapd'/,
  'ldapsearch (': /'ldapsearch'/,
  'nginx (': /sbin\/nginx|'nginx'/,
  Prometheus: /judge\('promtool'|spawn\('prometheus'/,
  'a C compiler': /'cc'/,
};

const root = packageRoot();
/** This table and the tidy test only quote the marks. */
const sources = new Map(
  readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('unit/scripts/') && name !== 'tidy.test.ts')
    .map((name) => [join('test', name), readFileSync(join(root, 'test', name), 'utf8')]),
);

/** A test file and everything under test/ that it imports, however far. */
function filesBehind(testFile: string): readonly string[] {
  const found = new Set([testFile]);
  for (const file of found) {
    for (const [, imported] of present(sources.get(file), file).matchAll(/['"](\.{1,2}\/[^'"]+)\.js['"]/g)) {
      const path = normalize(join(dirname(file), `${imported}.ts`));
      if (sources.has(path)) found.add(path);
    }
  }
  return [...found];
}

describe('the table of needs', () => {
  const testFiles = [...sources.keys()].filter((file) => file.endsWith('.test.ts'));
  let needs: Needs;
  before(async () => {
    needs = (await import(pathToFileURL(join(root, 'scripts/lib/needs.mjs')).href)) as Needs;
  });

  for (const [begins, mark] of Object.entries(MARKS)) {
    it(`${begins.replace(/ ?\($/, '')}: names the folders whose tests use it, and no other`, () => {
      const rows = needs.NEEDS.filter(({ what }) => what.startsWith(begins));
      assert.equal(rows.length, 1, `rows: ${rows.length}`);
      const need = present(rows[0], begins);
      const users = testFiles.filter((file) =>
        filesBehind(file).some((path) => mark.test(present(sources.get(path), path))),
      );
      const forgotten = users.filter((file) => !needs.needed({ purposes: [], tests: [file] }).includes(need));
      assert.deepEqual(forgotten, [], 'these test files use it');
      const idle = (need.tests ?? []).filter((folder) => !users.some((file) => file.startsWith(`${folder}/`)));
      assert.deepEqual(idle, [], 'no test of these folders uses it');
    });
  }

  it('has a mark for every need of a test', () => {
    const begins = Object.keys(MARKS);
    const withTests = needs.NEEDS.filter(({ tests }) => tests !== undefined);
    assert.deepEqual(
      withTests.filter(({ what }) => !begins.some((begin) => what.startsWith(begin))),
      [],
    );
  });

  it('asks for no token and no database where only pure tests run', () => {
    const names = needs.needed({ purposes: [], tests: ['test/unit/lint'] }).map(({ what }) => what);
    assert.deepEqual(names, ['openssl (checks what was issued)']);
  });
});
