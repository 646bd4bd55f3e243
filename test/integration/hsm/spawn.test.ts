import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SupervisorProcess, startSupervisorProcess } from '../../../hsm/client/spawn-supervisor.js';
import {
  isAlive,
  removeFolder,
  scriptPath,
  supervisorConfiguration,
  temporaryFolder,
} from '../../support/hsm/signers.js';

describe('the supervisor as the service runs it', () => {
  let home: string;
  let running: SupervisorProcess;
  const seen: string[] = [];

  before(() => {
    home = temporaryFolder();
    const file = join(home, 'supervisor.json');
    writeFileSync(file, JSON.stringify(supervisorConfiguration(home, [])));
    running = startSupervisorProcess({
      argv: [process.execPath, scriptPath('supervisor'), file, '--attached'],
      env: { PATH: process.env.PATH },
      log: ({ event, how }) => seen.push(how ? `${event} ${how}` : event),
    });
  });
  after(() => removeFolder(home));

  it('is started again when it ends, and stops on request', async () => {
    const first = running.pid();
    assert(first);
    process.kill(first, 'SIGKILL');
    while (seen.length < 3) await sleep(10);
    const second = running.pid();
    assert(second && second !== first);
    await sleep(200);
    // A busy machine may need longer than the time after which the service kills it.
    await running.stop(600_000);
    assert.equal(isAlive(second), false);
    assert.deepEqual(seen, [
      'supervisor-started',
      'supervisor-gone SIGKILL',
      'supervisor-started',
      'supervisor-gone exit code 0',
    ]);
  });
});
