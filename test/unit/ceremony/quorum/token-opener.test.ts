/** What the opener of tokens keeps of a secret while a ceremony runs, and what it gives away. */
import assert from 'node:assert/strict';
import { tokenUse } from '../../../../src/ceremony/plan/model.js';
import { tokenOpener } from '../../../../src/ceremony/quorum/token-opener.js';
import { emptyDisk, fakeWorld, testPolicy } from '../../../support/ceremony/fake-world.js';
import { fortPlan, planOf } from '../../../support/ceremony/quorum-plans.js';

describe('the opener of tokens', () => {
  const policy = testPolicy();
  const plan = planOf(fortPlan(), policy);
  const { quorum: sharing } = plan;
  const use = tokenUse(plan, 'root-fort');
  assert(sharing.kind === 'shares', 'the plan that ships has shares');

  const made = async () => {
    const disk = emptyDisk();
    const { world } = fakeWorld(disk, { policy });
    const opener = tokenOpener({ world, plan, note: () => Promise.resolve() });
    const pin = await opener.newPin({ use, generation: 1, sharing });
    assert.ok(pin.ok);
    await world.tokens.create(use, pin.value, null);
    return { disk, opener, pin: pin.value };
  };

  it('opens a token with the secret that it has made as often as is needed', async () => {
    const { disk, opener } = await made();
    await opener.open(use);
    await opener.open(use);
    assert.deepEqual(disk.refused, []);
  });

  it('gives the PIN of a secret that it has made again', async () => {
    const { opener, pin } = await made();
    await opener.open(use);
    assert.deepEqual(await opener.newPin({ use, generation: 1, sharing }), { ok: true, value: pin });
  });
});
