/**
 * Without this test a version of Node could deprecate what PFCNG uses, and no run would say so
 * before it is removed.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../../src/package/package-root.js';

type Warnings = {
  readonly warningsIn: (file: string) => { readonly failing: readonly string[]; readonly others: readonly string[] };
};

const script = (name: string): string => pathToFileURL(join(packageRoot(), 'scripts/testing', name)).href;

describe('warnings of Node', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-warnings-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('of a deprecated or experimental API are told apart from others, each once', async () => {
    const { warningsIn } = (await import(script('warnings.mjs'))) as Warnings;
    const file = join(folder, 'warnings.txt');
    const deprecated = '[DEP0040] DeprecationWarning: The `punycode` module is deprecated.';
    const experimental = 'ExperimentalWarning: CommonJS module loads an ES module';
    const other = 'MaxListenersExceededWarning: Possible EventEmitter memory leak detected.';
    const lines = [deprecated, experimental, other, deprecated].map((line, at) => `(node:${at + 1}) ${line}\n    at x`);
    writeFileSync(file, `${lines.join('\n')}\n`);
    assert.deepEqual(warningsIn(file), { failing: [deprecated, experimental], others: [other] });
    assert.deepEqual(warningsIn(join(folder, 'nothing.txt')), { failing: [], others: [] });
  });

  it('of a deprecated API fail the run in which a test or a process of a test causes them', () => {
    const file = join(folder, 'warns.test.mjs');
    writeFileSync(
      file,
      `import { execFileSync } from 'node:child_process';
      it('warns itself', () => process.emitWarning('this is old', 'DeprecationWarning'));
      it('starts what warns', () => {
        execFileSync(process.execPath, ['--eval', "process.emitWarning('this is older', 'DeprecationWarning')"]);
      });`,
    );
    const path = `dist/test/${relative(join(packageRoot(), 'dist/test'), file)}`;
    const program = `import { runMocha } from ${JSON.stringify(script('mocha.mjs'))};
      const tally = await runMocha({ args: [${JSON.stringify(path)}], coverageFolder: null });
      process.stdout.write(JSON.stringify(tally));`;
    const { NODE_REDIRECT_WARNINGS: _, ...env } = process.env;
    const stdout = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: packageRoot(),
      env,
      encoding: 'utf8',
    });
    assert.match(stdout, /"passed":2,"failed":2/);
    assert.match(stdout, /an experimental or deprecated API: DeprecationWarning: this is old\\n/);
    assert.match(stdout, /this is older/);
  });
});
