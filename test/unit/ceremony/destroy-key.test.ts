/** The end of a key of a responder beside the first; of other keys: `root-acts.test.ts`. */
import assert from 'node:assert/strict';
import { describeFailure } from '../../../src/ceremony/failures.js';
import { performCeremony } from '../../../src/ceremony/perform.js';
import { readPlan } from '../../../src/ceremony/plan.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { developmentPlanText, emptyDisk, fakeWorld, NOW, planSchema, testPlan, testPolicy } from './fake-world.js';

const KEY = 'aci-fo-pp.rsa-2048';
const RECORD = `ceremony/later/destroyed/ocsp-fort.${KEY}.json`;

describe('a key of a responder beside the first', () => {
  const policy = testPolicy();

  const destruction = (further: object) => {
    const { seal: _, ...first } = JSON.parse(new TextDecoder().decode(developmentPlanText('fort')));
    const step = { do: 'destroy-key', token: 'ocsp-fort', key: KEY, reason: 'its token goes', output: RECORD };
    const text = utf8(JSON.stringify({ ...first, id: 'later', steps: [{ ...step, ...further }], outputs: [RECORD] }));
    const plan = readPlan(text, { file: 'later.json', schema: planSchema, policy });
    assert.ok(plan.ok, plan.ok ? '' : JSON.stringify(plan.error));
    return plan.value;
  };
  const prepared = async () => {
    const disk = emptyDisk();
    const first = await performCeremony(fakeWorld(disk, { policy }).world, testPlan('fort', policy));
    assert.ok(first.ok);
    const token = disk.tokens.get('ocsp-fort') ?? assert.fail();
    token.set(KEY, token.get('aci-fo-pp') ?? assert.fail());
    // Of which nothing matters here but that it is not over.
    const lasting = disk.files.get('authorities/aci-fo-pp.cer') ?? assert.fail();
    disk.files.set('authorities/aci-fo-pp.ocsp-rsa-2048.cer', lasting);
    const destroy = (further: object = {}) =>
      performCeremony(fakeWorld(disk, { policy, now: NOW + 300 * DAY_MS }).world, destruction(further));
    return { token, destroy };
  };

  it('is destroyed by its label, and has the duty of its own certificate', async () => {
    const { token, destroy } = await prepared();
    const refused = await destroy();
    assert.ok(!refused.ok);
    assert.match(describeFailure(refused.error), /still has a duty.*aci-fo-pp\.ocsp-rsa-2048\.cer is valid until 20/);
    assert.ok(token.has(KEY));
    const other = await prepared();
    assert.ok((await other.destroy({ despite: 'nobody prefers it' })).ok);
    assert.ok(!other.token.has(KEY));
    assert.ok(other.token.has('aci-fo-pp'));
  });
});
