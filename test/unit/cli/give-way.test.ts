/** What `pfcng backup` does with its priority, in a process of its own. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../../src/package/package-root.js';

const MODULE = pathToFileURL(join(packageRoot(), 'dist/src/cli/backup/give-way.js')).href;
const PROGRAM = `import { getPriority } from 'node:os';
const { giveWay } = await import(${JSON.stringify(MODULE)});
giveWay();
process.stdout.write(String(getPriority()));`;

describe('a command that lets the service come first', () => {
  const priorityAfter = (nice: number): number =>
    Number(
      execFileSync('nice', ['-n', String(nice), process.execPath, '--input-type=module', '--eval', PROGRAM], {
        encoding: 'utf8',
      }),
    );

  it('has a lower priority than the service', () => {
    // The tests may have a low priority themselves.
    assert.ok(priorityAfter(0) >= 10);
  });

  it('keeps a priority that is lower still, which an unprivileged user may not raise', () => {
    assert.equal(priorityAfter(19), 19);
  });
});
