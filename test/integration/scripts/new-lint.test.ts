/**
 * Without this test a scaffolded rule could break all others: `npm run new:lint` once wrote a rule
 * that every certificate failed, and the unit tests of the lint died before their first test.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { copyOfTree } from '../../support/tree-copy.js';

const RULES = {
  e_scaffolded_certificate: 'ANY_RULES',
  e_cps_crl_scaffolded: 'CRL_ENTRY_RULES',
  e_ocsp_scaffolded: 'OCSP_SINGLE_RULES',
} as const;

/** Compiling them and running all tests of the lint takes a minute of processor time. */
const COMPILED = Number(process.env.PFCNG_SCAFFOLDED_RULES ?? 0);

type Report = {
  readonly stats: { readonly passes: number };
  readonly failures: readonly { readonly fullTitle: string }[];
};

describe('npm run new:lint', () => {
  let folder: string;
  before(async () => {
    folder = await temporaryFolder('pfcng-new-lint-');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('puts each rule into its list', async () => {
    const tree = join(folder, 'listed');
    await copyOfTree(tree);
    for (const [name, list] of Object.entries(RULES)) {
      await promisify(execFile)(process.execPath, ['scripts/new-lint.mjs', name, list], { cwd: tree });
      const { stdout } = await promisify(execFile)('grep', ['-rl', `^  ${name},$`, 'src/lint'], { cwd: tree });
      assert.match(stdout, /^src\/lint\/.*lists?.*\.ts$/m);
    }
  });

  const chosen = Object.entries(RULES).slice(0, COMPILED);
  if (chosen.length > 0) it('makes rules that fail under their own names, and no test of another rule fails', compiled);

  async function compiled(): Promise<void> {
    const tree = join(folder, 'compiled');
    await copyOfTree(tree);
    const run = (...args: readonly string[]) =>
      promisify(execFile)(process.execPath, args, { cwd: tree, maxBuffer: 64 * 1024 * 1024 });
    for (const [name, list] of chosen) await run('scripts/new-lint.mjs', name, list);
    // Only what these tests import, which takes a fifth of the time of the whole tree.
    const project = { extends: './tsconfig.json', include: ['test/unit/lint'] };
    writeFileSync(join(tree, 'tsconfig.lint.json'), JSON.stringify(project));
    await run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.lint.json');

    const report = join(folder, 'report.json');
    const mocha = ['node_modules/mocha/bin/mocha.js', '--reporter', 'json', '--reporter-option', `output=${report}`];
    await assert.rejects(run(...mocha, 'dist/test/unit/lint/**/*.test.js'));
    const { stats, failures } = JSON.parse(readFileSync(report, 'utf8')) as Report;

    const names = chosen.map(([name]) => name);
    const strange = failures.filter(({ fullTitle }) => !names.some((name) => fullTitle.includes(name)));
    assert.deepEqual(strange, []);
    for (const name of names)
      assert.ok(
        failures.some(({ fullTitle }) => fullTitle.includes(name)),
        `no test names ${name}`,
      );
    assert.ok(stats.passes > 1_000, `only ${stats.passes} passed`);
  }
});
