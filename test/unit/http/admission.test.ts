import assert from 'node:assert/strict';
import { createAdmission } from '../../../src/http/server/admission.js';

describe('admission of requests', () => {
  it('accepts requests up to its limit, rejects the next with a retry time, and accepts again when one ends', () => {
    const admission = createAdmission(2);
    const [first, second] = [admission.enter(), admission.enter()];
    assert.deepEqual(admission.enter(), { kind: 'overloaded', retryAfterMs: 1_000 });
    assert.ok(typeof first === 'function' && typeof second === 'function');
    first();
    assert.equal(typeof admission.enter(), 'function');
    assert.equal(admission.active(), 2);
  });

  it('ending a request twice counts once', () => {
    const admission = createAdmission(1);
    const place = admission.enter();
    assert.ok(typeof place === 'function');
    place();
    place();
    assert.equal(admission.active(), 0);
    assert.equal(typeof admission.enter(), 'function');
    assert.notEqual(typeof admission.enter(), 'function');
  });
});
