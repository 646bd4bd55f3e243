/**
 * The pace of networks whose messages cannot be verified. Without it, one client that sends wrong
 * MACs could take half of the processor from all others.
 */
import assert from 'node:assert/strict';
import { deferred } from '../../../../hsm/deferred.js';
import { createFailurePace } from '../../../../src/cmp/protection/failure-pace.js';

const [FLOOD, HONEST] = ['192.0.2.1', '192.0.2.2'];

/** Its waits end when `state.over` does, and are counted in milliseconds. */
function createPace() {
  const state = { ms: 0, waited: 0, over: Promise.resolve() };
  const pace = createFailurePace({
    steadyMs: () => state.ms,
    sleep: (ms) => {
      state.waited = ms;
      return state.over;
    },
  });
  const turn = async (network: string): Promise<number | string> => {
    state.waited = 0;
    const begun = await pace.turn(network);
    return begun.ok ? state.waited : `not before ${begun.error}`;
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

  it('refuses the message that would be the 33rd to wait, and goes on with the next one in time', async () => {
    const { turn, failed, state } = createPace();
    failed(FLOOD);
    for (let number = 1; number <= 32; number += 1) assert.equal(await turn(FLOOD), 10 * number);
    assert.equal(await turn(FLOOD), 'not before 330');
    state.ms += 10;
    assert.equal(await turn(FLOOD), 320);
  });

  it('lets 256 messages of all networks wait, refuses more of paced ones, and no other', async () => {
    const { turn, failed, state } = createPace();
    const waits = deferred<void>();
    state.over = waits.promise;
    const flooding = Array.from({ length: 9 }, (_, number) => `network ${number}`);
    for (const network of flooding) failed(network);
    const waiting = flooding.slice(0, 8).flatMap((network) => Array.from({ length: 32 }, () => turn(network)));
    assert.equal(await turn('network 8'), 'not before 10');
    assert.equal(await turn(HONEST), 0);
    waits.resolve();
    assert.equal((await Promise.all(waiting)).length, 256);
    assert.equal(await turn('network 8'), 10);
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
