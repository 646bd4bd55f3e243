/**
 * Those who run the tests, on tests that fail in every way there is: none is taken for a test that
 * passes.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { packageRoot } from '../../../src/package/package-root.js';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';

type Files = Readonly<Record<'timed' | 'sharing' | 'others', readonly string[]>>;
type TestFiles = {
  readonly allFiles: () => Files;
  readonly filesToRunTogether: (args: readonly string[]) => Files | null;
  readonly mochaArguments: (args: readonly string[]) => readonly string[];
};

const FILES = {
  passes: "it('is so', () => {}); it('is left out'); ",
  fails: "it('is not so', () => { throw new Error('it is otherwise'); }); it('is so', () => {});",
  dies: "it('is so', () => {}); it('dies', () => process.kill(process.pid, 'SIGKILL'));",
  breaks: "throw new Error('cannot be loaded');",
  isEmpty: "describe('nothing', () => {});",
  rejects: "it('forgets a promise', () => new Promise(() => void Promise.reject(new Error('nobody cares'))));",
  leavesProcess: `import { spawn } from 'node:child_process';
    it('prints its number', () => {
      const { pid } = spawn('sleep', ['600'], { stdio: ['ignore', 'inherit', 'ignore'], detached: true });
      console.log('left running: %d.', pid);
      setImmediate(() => process.exit(0));
    });`,
  isLast: "it('is so', () => {});",
} as const;

const LINGER_MS = 60_000;
/**
 * A process that has nothing left to do has printed its result. Node can deadlock afterwards, while
 * it ends (nodejs/node issue 54918), and is killed then.
 */
const OPTIONS = { cwd: packageRoot(), timeout: 5 * LINGER_MS, killSignal: 'SIGKILL' } as const;

/** How `execFile` rejects. `killed`: by its timeout. */
type ExecFailure = Error & { readonly killed: boolean; readonly stdout: string; readonly stderr: string };

/** A module of `scripts/testing`. */
const script = async <Module>(name: string): Promise<Module> =>
  (await import(pathToFileURL(join(packageRoot(), 'scripts/testing', name)).href)) as Module;

describe('those who run the tests', () => {
  let folder: string;
  before(async () => {
    folder = await temporaryFolder('pfcng-runner-');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const run = async (...names: readonly (keyof typeof FILES)[]) => {
    const files = names.map((name) => {
      const file = join(folder, `${name}.test.mjs`);
      writeFileSync(file, FILES[name]);
      return relative(packageRoot(), file);
    });
    const program = `import { runTogether } from './scripts/testing/together.mjs';
      const { reasons, ...tally } = await runTogether({ timed: ${JSON.stringify(files)}, sharing: [], others: [] }, {});
      // The timer does not keep the process alive, and says what does.
      setTimeout(() => console.error('still open: %s', process.getActiveResourcesInfo()), ${LINGER_MS}).unref();
      process.once('beforeExit', () => console.log('\\n' + JSON.stringify({ said: reasons.join('\\n'), tally })));`;
    const args = ['--input-type=module', '--eval', program];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, OPTIONS).catch(
      (error: ExecFailure) => {
        if (error.killed) return error;
        throw error;
      },
    );
    const result = stdout.trimEnd().split('\n').at(-1) ?? '';
    assert.match(
      result,
      /^\{/,
      `nothing is left to do for the process within ${OPTIONS.timeout} ms: ${stdout}${stderr}`,
    );
    return { stdout, ...(JSON.parse(result) as { said: string; tally: unknown }) };
  };

  it('count what passes, what fails and what was not executed, and say at the end why', async () => {
    const { said, tally } = await run('passes', 'fails', 'isLast');
    assert.deepEqual(tally, { passed: 3, failed: 1, pending: 1, ended: true });
    assert.match(said, /is not so:\s+Error: it is otherwise/);
  });

  it('count a process that dies as a failure, and go on with another', async () => {
    const { said, tally } = await run('dies', 'breaks', 'isLast');
    assert.deepEqual(tally, { passed: 2, failed: 2, pending: 0, ended: true });
    assert.match(said, /dies\.test\.mjs: the process ended with SIGKILL/);
    assert.match(said, /breaks\.test\.mjs: the process ended with 1/);
  });

  it('count a file without tests, and a rejection that nobody handles', async () => {
    const { said, tally } = await run('isEmpty', 'rejects', 'isLast');
    assert.deepEqual(tally, { passed: 1, failed: 2, pending: 0, ended: true });
    assert.match(said, /no test was executed: \S+isEmpty\.test\.mjs/);
    assert.match(said, /Uncaught Error: nobody cares/);
  });

  it('wait for no process that a test left running', async () => {
    const { stdout, tally } = await run('leavesProcess', 'isLast');
    const left = Number(/left running: (\d+)\./.exec(stdout)?.[1]);
    try {
      assert.ok(process.kill(left, 0), 'it is still running');
      assert.deepEqual(tally, { passed: 2, failed: 1, pending: 0, ended: true });
    } finally {
      process.kill(left, 'SIGKILL');
    }
  });

  it('run every file once, and no other for one that there is none of', async () => {
    const { allFiles, mochaArguments } = await script<TestFiles>('files.mjs');
    const { timed, sharing, others } = allFiles();
    const there = readdirSync(join(packageRoot(), 'dist/test'), { recursive: true, encoding: 'utf8' });
    const files = there.filter((name) => name.endsWith('.test.js')).map((name) => `dist/test/${name}`);
    assert.deepEqual([...timed, ...sharing, ...others].sort(), files.sort());
    assert.ok(sharing.length > 20, String(sharing.length));
    for (const nowhere of ['test/unit/nowhere.test.ts', 'unit/lint', 'serial'])
      assert.throws(() => mochaArguments(['--bail', nowhere]), /: no such test file/, nowhere);
    assert.deepEqual(mochaArguments(['--grep', 'test/x', 'test/unit']), [
      '--grep',
      'test/x',
      'dist/test/unit/**/*.test.js',
    ]);
  });

  it('leave out the long files only where no test is named', async () => {
    const { allFiles, filesToRunTogether } = await script<TestFiles>('files.mjs');
    const { LONG_FILES } = await script<{ readonly LONG_FILES: readonly string[] }>('long-files.mjs');
    const [all, usual, named] = [allFiles(), filesToRunTogether([]), filesToRunTogether(['test'])].map(
      (files) => new Set(Object.values(files ?? {}).flat()),
    );
    assert.deepEqual(named, all);
    assert.deepEqual(
      [...(all ?? [])].filter((file) => usual?.has(file) !== true).sort(),
      LONG_FILES.map((name) => `dist/test/${name}`).sort(),
    );
    assert.deepEqual(
      LONG_FILES.filter((name) => /^(?:unit\/|tidy)/.test(name)),
      [],
    );
  });
});
