import assert from 'node:assert/strict';
import { createAdmission } from '../../../src/http/server/admission.js';

const OVERLOADED = { kind: 'overloaded', retryAfterMs: 1_000 };
const OTHER = { account: 'cards', isUrgent: false };
const URGENT = { account: 'cards', isUrgent: true };

describe('admission of requests', () => {
  it('accepts requests up to its limit, rejects the next with a retry time, and accepts again when one ends', () => {
    const admission = createAdmission({ placesMax: 2, reserved: 0, perAccountMax: 2 });
    const [first, second] = [admission.enter(OTHER), admission.enter(OTHER)];
    assert.deepEqual(admission.enter(OTHER), OVERLOADED);
    assert.ok(typeof first === 'function' && typeof second === 'function');
    first();
    assert.equal(typeof admission.enter(OTHER), 'function');
    assert.equal(admission.active(), 2);
  });

  it('ending a request twice counts once', () => {
    const admission = createAdmission({ placesMax: 1, reserved: 0, perAccountMax: 1 });
    const place = admission.enter(OTHER);
    assert.ok(typeof place === 'function');
    place();
    place();
    assert.equal(admission.active(), 0);
    assert.equal(typeof admission.enter(OTHER), 'function');
    assert.deepEqual(admission.enter(OTHER), OVERLOADED);
  });

  it('leaves places to other accounts, however many requests one account sends', () => {
    const admission = createAdmission({ placesMax: 10, reserved: 0, perAccountMax: 4 });
    for (let count = 0; count < 4; count += 1) assert.equal(typeof admission.enter(OTHER), 'function');
    assert.deepEqual(admission.enter(OTHER), OVERLOADED);
    assert.equal(typeof admission.enter({ account: 'another', isUrgent: false }), 'function');
  });

  it('limits the requests for certificates of one account, and none of its others', () => {
    const admission = createAdmission({ placesMax: 10, reserved: 0, perAccountMax: 10 });
    const limited = { ...OTHER, inFlightMax: 1 };
    const place = admission.enter(limited);
    assert.ok(typeof place === 'function');
    const refused = admission.enter(limited);
    assert.ok(typeof refused !== 'function' && refused.kind === 'quota-exceeded');
    assert.equal(refused.limit, 'inFlight');
    assert.equal(typeof admission.enter(OTHER), 'function');
    assert.equal(typeof admission.enter({ ...limited, account: 'another' }), 'function');
    place();
    assert.equal(typeof admission.enter(limited), 'function');
  });

  it('keeps places for urgent requests, also for those of an account that has its share of others', () => {
    const admission = createAdmission({ placesMax: 4, reserved: 2, perAccountMax: 2 });
    for (let count = 0; count < 2; count += 1) assert.equal(typeof admission.enter(OTHER), 'function');
    assert.deepEqual(admission.enter({ account: 'another', isUrgent: false }), OVERLOADED);
    for (let count = 0; count < 2; count += 1) assert.equal(typeof admission.enter(URGENT), 'function');
    assert.deepEqual(admission.enter({ account: 'another', isUrgent: true }), OVERLOADED);
  });
});
