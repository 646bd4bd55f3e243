import assert from 'node:assert/strict';
import { createPublishLag } from '../../../src/jobs/lists/publish-lag.js';
import type { IssuerId } from '../../../src/ports/signer.js';

const CA = 'aci-fo-pp' as IssuerId;
const OTHER = 'aci-st-pp' as IssuerId;

describe('how long changes of status wait for a list', () => {
  it('is the age of the oldest change in a list; changes that come while it is made count for the next list', () => {
    let now = 1_000;
    const lag = createPublishLag(() => now);
    lag.noteChange(CA);
    now = 3_000;
    lag.noteChange(CA);
    const first = lag.beginPublication(CA);
    now = 4_000;
    lag.noteChange(CA);
    assert.equal(lag.waitingMs(CA), 3_000);
    now = 6_000;
    first(true);
    assert.deepEqual(lag.takeMeasurements(), [{ issuer: CA, lagMs: 5_000 }]);
    assert.deepEqual([lag.waitingMs(CA), lag.waitingMs(OTHER)], [2_000, 0]);
    lag.beginPublication(CA)(true);
    assert.deepEqual(lag.takeMeasurements(), [{ issuer: CA, lagMs: 2_000 }]);
    assert.equal(lag.waitingMs(CA), 0);
  });

  it('continues when a list was not published', () => {
    let now = 0;
    const lag = createPublishLag(() => now);
    lag.noteChange(CA);
    now = 10_000;
    const failed = lag.beginPublication(CA);
    lag.noteChange(CA);
    failed(false);
    now = 12_000;
    assert.equal(lag.waitingMs(CA), 12_000);
    assert.deepEqual(lag.takeMeasurements(), []);
    lag.beginPublication(CA)(true);
    assert.deepEqual(lag.takeMeasurements(), [{ issuer: CA, lagMs: 12_000 }]);
  });

  it('is that of a change whose list is still being made, while later changes are checked', () => {
    let now = 0;
    const lag = createPublishLag(() => now);
    lag.noteChange(CA);
    const long = lag.beginPublication(CA);
    now = 10_000;
    lag.noteChange(CA);
    const check = lag.beginPublication(CA);
    now = 12_000;
    assert.equal(lag.waitingMs(CA), 12_000);
    check(true);
    assert.equal(lag.waitingMs(CA), 12_000);
    long(true);
    assert.equal(lag.waitingMs(CA), 0);
  });

  it('has no value for a list without changes', () => {
    const lag = createPublishLag(() => 0);
    lag.beginPublication(CA)(true);
    assert.deepEqual(lag.takeMeasurements(), []);
  });
});
