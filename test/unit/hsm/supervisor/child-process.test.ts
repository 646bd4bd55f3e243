/** The process of a signer as its supervisor starts it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SupervisorConfiguration, TokenConfiguration } from '../../../../hsm/configuration.js';
import { startChild } from '../../../../hsm/supervisor/child-process.js';

const TOKEN = {
  name: 'ca-test',
  softhsmDirectory: '/nowhere',
  modulePath: '/nowhere',
} as unknown as TokenConfiguration;
const SUPERVISOR = { tokens: [], environmentMark: 'development' } as unknown as SupervisorConfiguration;

describe('the process of a signer', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-child-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const goneWith = (program: string): Promise<string> => {
    const entry = join(folder, 'entry.mjs');
    writeFileSync(entry, program);
    return new Promise((onGone) =>
      startChild(
        { entry, token: TOKEN, supervisor: SUPERVISOR },
        { onGone, onDrain: () => undefined, onFrame: () => assert.fail('that was no frame') },
      ),
    );
  };

  it('is killed when it sends something that is no frame', async () => {
    const program = `import { writeSync } from 'node:fs'; writeSync(3, Buffer.alloc(64, 0xff)); setInterval(() => {}, 1_000);`;
    assert.equal(await goneWith(program), 'SIGKILL');
  });

  it('is reported as gone once, with how it ended', async () => {
    assert.equal(await goneWith('process.exit(7);'), 'exit code 7');
  });
});
