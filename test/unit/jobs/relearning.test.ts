import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { createRelearning } from '../../../src/jobs/status/relearning.js';
import { SILENT_LOG } from '../../support/status/authority.js';

const SHORT = { othersLearnMs: 0, retryMs: 1 };

describe('learning what another database forgot', () => {
  it('is under way until it succeeds, whatever fails before', async () => {
    const said: string[] = [];
    const relearning = createRelearning({ ...SILENT_LOG, error: (event) => said.push(event) }, SHORT);
    let turn = 0;
    await relearning.begin(async () => {
      assert.ok(relearning.isUnderWay());
      turn += 1;
      if (turn === 1) throw new Error('a folder that went away');
      return turn === 3;
    });
    assert.deepEqual([turn, said, relearning.isUnderWay()], [3, ['crl.relearning-failed'], false]);
  });

  it('gives other services time to learn from lists that are not here', async () => {
    const patient = createRelearning(SILENT_LOG, { ...SHORT, othersLearnMs: 3_600_000 });
    void patient.begin(async () => true);
    for (let turns = 0; turns < 10; turns += 1) await turn();
    assert.ok(patient.isUnderWay());
    const relearning = createRelearning(SILENT_LOG, { ...SHORT, othersLearnMs: 1 });
    const done = relearning.begin(async () => true);
    const kept = setTimeout(() => undefined, 10_000);
    await done;
    clearTimeout(kept);
    assert.ok(!relearning.isUnderWay());
  });
});
