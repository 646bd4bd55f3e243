/**
 * What tells what is in the memory of a ceremony: in production, where shares of a PIN pass through
 * it, it is refused (`perform.ts`).
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isDebuggingOption } from '../../../src/ceremony-host/machine.js';
import { packageRoot } from '../../../src/package/package-root.js';

/**
 * In a process of its own, which opens a debugger: nobody can close the memory of the one that runs
 * the tests.
 */
const PROGRAM = `
  import inspector from 'node:inspector';
  import { guardMemory } from './dist/src/ceremony-host/machine.js';
  const seen = [];
  const look = () => seen.push(guardMemory('/nowhere').debugging);
  look();
  process.env.NODE_OPTIONS = '--max-old-space-size=512 --report-on-signal';
  look();
  delete process.env.NODE_OPTIONS;
  look();
  process.execArgv.push('--heap-prof');
  look();
  process.execArgv.pop();
  inspector.open(0);
  look();
  inspector.close();
  look();
  process.stdout.write(JSON.stringify(seen));
`;

describe('the machine of a ceremony', () => {
  it('tells of its memory by a debugger, and by options of Node, wherever they were given', async () => {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const options = { cwd: packageRoot(), env: { ...env, PFCNG_MEMORY_OPEN_TO: 'debuggers' } };
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', PROGRAM], options);
    assert.deepEqual(JSON.parse(stdout), [false, true, false, true, true, false]);
  });

  it('knows each option that opens it or writes it into files, as Node reads it, and no other', () => {
    for (const option of [
      '--inspect',
      '--inspect-brk=127.0.0.1:9229',
      '--inspect-port=1',
      '--debug-port=1',
      '--heap-prof',
      '--heap_prof',
      '--heapsnapshot-signal=SIGUSR2',
      '--heapsnapshot-near-heap-limit=1',
      '--cpu-prof',
      '--prof',
      '--report-on-signal',
      '--report_uncaught_exception',
      '--report-on-fatalerror',
      '"--report-on-signal"',
      '--"report_on_signal"',
      '"--heap\\-prof"',
    ])
      assert.equal(isDebuggingOption(option), true, option);
    for (const option of ['--max-old-space-size=512', '--enable-source-maps', '--profile', '', '--no-warnings'])
      assert.equal(isDebuggingOption(option), false, option);
  });
});
