import assert from 'node:assert/strict';
import { createInteractiveWork } from '../../../src/kernel/interactive-work.js';

describe('interactive work', () => {
  it('is recent for a second after each request, and not before the first', () => {
    let now = 0;
    const work = createInteractiveWork(() => now);
    assert.equal(work.isRecent(), false);
    work.note();
    now = 999;
    assert.equal(work.isRecent(), true);
    now = 1_000;
    assert.equal(work.isRecent(), false);
    work.note();
    assert.equal(work.isRecent(), true);
  });
});
