import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRecalling } from '../../../src/jobs/status/relearning.js';
import { SILENT_LOG } from '../../support/status-authority.js';

const SHORT = { othersLearnMs: 0, againMs: 1 };

describe('learning what another database forgot', () => {
  it('is under way until it was done, whatever failed before', async () => {
    const said: string[] = [];
    const recalling = createRecalling({ ...SILENT_LOG, error: (event) => said.push(event) }, SHORT);
    let turn = 0;
    await recalling.begin(async () => {
      assert.ok(recalling.isUnderWay());
      turn += 1;
      if (turn === 1) throw new Error('a folder that went away');
      return turn === 3;
    });
    assert.deepEqual([turn, said, recalling.isUnderWay()], [3, ['crl.recall-failed'], false]);
  });

  it('leaves others the time to learn from lists that are not here', async () => {
    const recalling = createRecalling(SILENT_LOG, { ...SHORT, othersLearnMs: 50 });
    const done = recalling.begin(async () => true);
    await sleep(10);
    assert.ok(recalling.isUnderWay());
    const kept = setTimeout(() => undefined, 10_000);
    await done;
    clearTimeout(kept);
    assert.ok(!recalling.isUnderWay());
  });
});
