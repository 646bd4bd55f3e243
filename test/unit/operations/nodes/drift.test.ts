import assert from 'node:assert/strict';
import { MINUTE_MS } from '../../../../src/kernel/duration.js';
import { driftOf } from '../../../../src/operations/nodes/drift.js';

const START = 1_000 * MINUTE_MS;

/** A run that started so many minutes after the first one. */
function run(name: string, minute: number, { policy = 'a', configuration = 'c' } = {}) {
  return {
    name,
    startedAt: START + minute * MINUTE_MS,
    policyDigest: policy.repeat(64),
    configDigest: configuration.repeat(64),
  };
}
const driftAt = (minute: number, ...runs: readonly ReturnType<typeof run>[]) => [
  ...driftOf(runs, START + minute * MINUTE_MS),
];

describe('the comparison of nodes', () => {
  it('finds nothing where all nodes are alike, or there is one', () => {
    assert.deepEqual(driftAt(60, run('paris', 0), run('lyon', 3)), []);
    assert.deepEqual(driftAt(60, run('paris', 0)), []);
    assert.deepEqual(driftAt(60), []);
  });

  it('names nodes with different policies, from five minutes after the later of them started', () => {
    const runs = [run('lyon', 10, { policy: 'b' }), run('paris', 0), run('lille', 12)];
    assert.deepEqual(driftAt(14.9, ...runs), []);
    assert.deepEqual(driftAt(15, ...runs), [['policy', 'lille aaaaaaaa, lyon bbbbbbbb, paris aaaaaaaa']]);
  });

  it('does not count a change from node to node, which ends the runs with the old policy', () => {
    assert.deepEqual(driftAt(60, run('paris', 58), run('lyon', 57), run('lille', 0, { policy: 'b' })), []);
    assert.deepEqual(driftAt(60, run('paris', 58), run('lyon', 57), run('lille', 59)), []);
  });

  it('compares the configuration by itself', () => {
    const runs = [run('paris', 0), run('lyon', 0, { configuration: 'd' })];
    assert.deepEqual(driftAt(6, ...runs), [['configuration', 'lyon dddddddd, paris cccccccc']]);
  });
});
