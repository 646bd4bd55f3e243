/**
 * The run with which a process begins, composed like that of `pfcng serve --roles`. Without this
 * test, a process could write its heartbeats so seldom that another one ends its run.
 */
import assert from 'node:assert/strict';
import { createClosingStack } from '../../../src/compose/closing.js';
import { loadPolicyFor } from '../../../src/compose/home.js';
import { openRun } from '../../../src/compose/nodes/run.js';
import { parseRoles } from '../../../src/compose/roles.js';
import { loadConfig } from '../../../src/config/load.js';
import { SECOND_MS } from '../../../src/kernel/duration.js';
import { createMetrics } from '../../../src/observe/metrics.js';
import { cleanUp, freshDatabase, opened, temporaryFolder, unwrap } from '../../support/db/fixture.js';
import { SILENT_LOG } from '../../support/status/authority.js';

describe('the heartbeat of a process on SQLite', () => {
  afterEach(cleanUp);

  async function periodOf(roles: string): Promise<number> {
    const config = loadConfig({ home: temporaryFolder() });
    assert.ok(config.ok);
    const policy = loadPolicyFor(config.value);
    assert.ok(policy.ok);
    const parsed = parseRoles(roles);
    assert.ok(parsed.ok);
    const store = await opened({ database: await freshDatabase('sqlite') });
    const closing = createClosingStack();
    const parts = { store, log: SILENT_LOG, metrics: createMetrics(), closing };
    const run = await openRun({ config: config.value, policy: policy.value }, parsed.value, parts);
    await closing.close();
    return unwrap(run).heartbeat.everyMs;
  }

  it('is every two seconds where other processes may end the run', async () => {
    for (const roles of ['api', 'worker', 'api,worker', 'api,responder'])
      assert.equal(await periodOf(roles), 2 * SECOND_MS, roles);
  });

  it('is every ten seconds in a process with all roles, which nobody waits for', async () => {
    assert.equal(await periodOf('all'), 10 * SECOND_MS);
  });
});
