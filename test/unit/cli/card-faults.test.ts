/**
 * The faults that `pfcng card simulate update` takes. Without this test a mistyped fault would be
 * no fault, and a test of somebody's software would pass without having tested anything.
 */
import assert from 'node:assert/strict';
import { CALLS, callWith, Interrupted, readFault } from '../../../src/cli/card/simulate/faults.js';

describe('the faults of a simulated card', () => {
  it('are read, each call and each write', () => {
    for (const call of CALLS)
      for (const when of ['before', 'after'] as const)
        assert.deepEqual(readFault(`${when}:${call}`), { ok: true, value: { kind: 'connection-lost', when, call } });
    assert.deepEqual(readFault('power:12'), { ok: true, value: { kind: 'power-lost', atWrite: 12 } });
    assert.deepEqual(readFault('read-back'), { ok: true, value: { kind: 'wrong-read-back' } });
    const other = { kind: 'other-card', folder: 'C:/cards/2' };
    assert.deepEqual(readFault('other-card:C:/cards/2'), { ok: true, value: other });
  });

  it('are refused where they are none, with the list of all', () => {
    for (const text of [
      '',
      'before',
      'before:',
      'before:all',
      'during:begin',
      'power:',
      'power:0',
      'power:1e3',
      'read',
    ])
      assert.match(JSON.stringify(readFault(text)), /no fault .*before:CALL, after:CALL.*confirmation/, text);
    assert.equal(readFault('other-card:').ok, false);
  });

  it('lose the connection before the request is sent, or after it was answered', async () => {
    let sent = 0;
    const send = async (): Promise<number> => ++sent;
    const lost = (when: 'before' | 'after') =>
      callWith([{ kind: 'connection-lost', when, call: 'begin' }], 'begin', send);
    await assert.rejects(lost('before'), Interrupted);
    assert.equal(sent, 0);
    await assert.rejects(lost('after'), Interrupted);
    assert.equal(sent, 1);
    assert.equal(await callWith([{ kind: 'connection-lost', when: 'after', call: 'read' }], 'begin', send), 2);
  });
});
