/**
 * The pace of networks whose messages cannot be verified. Without it, one client that sends wrong
 * MACs could take half of the processor from all others.
 */
import assert from 'node:assert/strict';
import { createFailurePace } from '../../../../src/cmp/protection/failure-pace.js';

const [FLOOD, HONEST] = ['192.0.2.1', '192.0.2.2'];

/** Its waits end at once, and are counted in milliseconds. */
function createPace() {
  const state = { ms: 0, waited: 0 };
  const pace = createFailurePace({
    steadyMs: () => state.ms,
    sleep: async (ms) => {
      state.waited = ms;
    },
  });
  const turn = async (network: string): Promise<number> => {
    state.waited = 0;
    await pace.turn(network);
    return state.waited;
  };
  return { ...pace, state, turn };
}

describe('the pace of messages that cannot be verified', () => {
  it('is one message of their network in ten milliseconds, and delays no other network', async () => {
    const { turn, failed } = createPace();
    assert.deepEqual([await turn(FLOOD), await turn(FLOOD)], [0, 0]);
    failed(FLOOD);
    failed(FLOOD);
    assert.deepEqual([await turn(FLOOD), await turn(FLOOD), await turn(FLOOD)], [10, 20, 30]);
    assert.equal(await turn(HONEST), 0);
  });

  it('is not slower for a client that sends its messages one after the other', async () => {
    const { turn, failed, state } = createPace();
    failed(FLOOD);
    state.ms += 4;
    assert.equal(await turn(FLOOD), 6);
    state.ms += 16;
    failed(FLOOD);
    assert.equal(await turn(FLOOD), 0);
  });

  it('ends a second after the last of them', async () => {
    const { turn, failed, state } = createPace();
    failed(FLOOD);
    state.ms += 999;
    failed(FLOOD);
    state.ms += 999;
    await turn(FLOOD);
    assert.equal(await turn(FLOOD), 10);
    state.ms += 1;
    assert.equal(await turn(FLOOD), 0);
  });

  it('remembers ten thousand networks, and forgets the one that failed longest ago', async () => {
    const { turn, failed } = createPace();
    for (let number = 0; number < 10_000; number += 1) failed(`network ${number}`);
    failed('network 0');
    failed('one more');
    assert.deepEqual([await turn('network 0'), await turn('network 1'), await turn('one more')], [10, 0, 10]);
  });
});
