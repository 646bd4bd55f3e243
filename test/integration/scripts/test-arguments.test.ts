/**
 * The arguments of `npm test --`: a mistyped one is rejected with a message, and no other tests run
 * instead.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../../src/package/package-root.js';

type TestArguments = { readonly readArguments: (args: readonly string[]) => readonly { readonly is: string }[] };

function runTests(...args: readonly string[]): { readonly status: number | null; readonly lines: readonly string[] } {
  const program = ['scripts/test.mjs', ...args];
  const options = { cwd: packageRoot(), encoding: 'utf8', timeout: 20_000 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, program, options);
  return { status, lines: `${stderr}${stdout}`.trim().split('\n') };
}

describe('arguments of npm test', () => {
  it('are refused at once where neither it nor mocha has such an option, with how it is used', () => {
    const { status, lines } = runTests('--unknown-option', 'test/unit/kernel');
    assert.equal(status, 1);
    assert.equal(lines[0], '--unknown-option: npm test has no such option');
    assert.match(lines[1] ?? '', /^ {2}usage: npm test \[-- /);
    assert.equal(lines.at(-1), '0 passed, 1 failed');
  });

  it('ask how it is used, and run nothing', () => {
    const { status, lines } = runTests('--coverage', '--help');
    assert.equal(status, 0);
    assert.match(lines[0] ?? '', /^usage: npm test \[-- /);
    assert.deepEqual(
      lines.slice(1).map((line) => /npm test(?: -- test\/unit\/lint| -- test)?(?= )/.exec(line)?.[0]),
      ['npm test', 'npm test -- test', 'npm test -- test/unit/lint'],
    );
  });

  it('are options of mocha and of Node by all their names, their values, and paths', async () => {
    const { readArguments } = (await import(
      pathToFileURL(join(packageRoot(), 'scripts/testing/arguments.mjs')).href
    )) as TestArguments;
    const kinds = (...args: readonly string[]): string =>
      readArguments(args)
        .map(({ is }) => is[0])
        .join('');
    assert.equal(kinds('--grep', '--unknown', 'test/unit', '-g', 'x', '--grep=x', 'test/x'), 'ovpovop');
    assert.equal(kinds('--bail', 'test/x', '-b', '-bg', 'x', '-gx', 'test/x', '--timeouts', '9'), 'opoovopov');
    assert.equal(kinds('--no-timeouts', '--no-bail', '--watch', '--stack-trace-limit=9', '--inspect'), 'ooooo');
    for (const refused of ['--grpe', '--grpe=x', '--no-such', '-Z', '-bZ', '--coverage-of'])
      assert.throws(() => readArguments(['--bail', refused]), new RegExp(`^StepFailed: ${refused}: `), refused);
  });
});
