/**
 * The destruction of a responder's second key, and of what is left of a key. `root-acts.test.ts`
 * tests other keys.
 */
import assert from 'node:assert/strict';
import { utf8 } from '../../../../src/kernel/bytes.js';
import { DAY_MS } from '../../../../src/kernel/duration.js';
import {
  type Disk,
  developmentPlanText,
  emptyDisk,
  type FakeKey,
  Killed,
  NOW,
  testPlan,
  testPolicy,
} from '../../../support/ceremony/fake-world.js';
import { copyOf, faultOf, fileOf, inMemory } from '../../../support/ceremony/in-memory.js';

const KEY = 'aci-fo-pp.rsa-2048';
const RECORD = `ceremony/later/destroyed/ocsp-fort.${KEY}.json`;
const TRANSCRIPT = 'ceremony/later/transcript.ndjson';

describe('a second key of a responder', () => {
  const policy = testPolicy();
  const { run, done, refusal } = inMemory(policy, { now: NOW + 300 * DAY_MS });
  const first = emptyDisk();
  const destruction = (further: object = {}) => {
    const { transcriptKey: _, ...plan } = JSON.parse(new TextDecoder().decode(developmentPlanText('fort')));
    const step = { do: 'destroy-key', token: 'ocsp-fort', key: KEY, reason: 'its token goes', output: RECORD };
    return { ...plan, id: 'later', steps: [{ ...step, ...further }], outputs: [RECORD] };
  };
  const tokenOf = (disk: Disk): Map<string, FakeKey> => disk.tokens.get('ocsp-fort') ?? assert.fail();

  before(async () => {
    await done(first, testPlan('fort', policy), { now: NOW });
    tokenOf(first).set(KEY, tokenOf(first).get('aci-fo-pp') ?? assert.fail());
    // Only the end of validity of this certificate matters here.
    first.files.set('authorities/aci-fo-pp.ocsp-rsa-2048.cer', fileOf(first, 'authorities/aci-fo-pp.cer'));
  });

  it('is destroyed by its label, but not before its own certificate ends', async () => {
    const disk = copyOf(first);
    const refused = await refusal(disk, destruction());
    assert.match(refused, /still has a duty.*aci-fo-pp\.ocsp-rsa-2048\.cer is valid until 20/);
    assert.ok(tokenOf(disk).has(KEY));
    const other = copyOf(first);
    await done(other, destruction({ despite: 'nobody prefers it' }));
    assert.ok(!tokenOf(other).has(KEY));
    assert.ok(tokenOf(other).has('aci-fo-pp'));
  });

  it('is not destroyed while half of it remains, or while another key with its label hides it', async () => {
    const disk = copyOf(first);
    const plan = destruction({ despite: 'nobody prefers it' });
    const tamper = (effect: string) => {
      if (effect === `discard ocsp-fort/${KEY}`) throw new Killed(effect);
    };
    await assert.rejects(run(disk, plan, { tamper }).outcome, Killed);
    // An attacker who wants to preserve the key changes the attribute by which it is found, and
    // lets the ceremony continue.
    tokenOf(disk).set(KEY, { ...(tokenOf(disk).get(KEY) ?? assert.fail()), isHalf: true });
    await done(disk, plan, { now: NOW + 301 * DAY_MS });
    assert.ok(!tokenOf(disk).has(KEY));
    assert.equal(faultOf(disk, 'later'), null);
    // The record is not confirmed either if the key comes back and a line is lost.
    const record = fileOf(disk, RECORD);
    const back = copyOf(first);
    for (const path of [RECORD, TRANSCRIPT, 'ceremony/later/plan.json']) back.files.set(path, fileOf(disk, path));
    const lines = new TextDecoder().decode(fileOf(disk, TRANSCRIPT)).split('\n').slice(0, 2);
    back.files.set(TRANSCRIPT, utf8(`${lines.join('\n')}\n`));
    await done(back, plan, { now: NOW + 302 * DAY_MS });
    assert.ok(!tokenOf(back).has(KEY));
    assert.equal(back.files.get(RECORD), record);
  });
});
