/** Checks that the tap does what its faults say, and nothing else. */
import assert from 'node:assert/strict';
import { setImmediate as soon } from 'node:timers/promises';
import { ok } from '../../../src/kernel/result.js';
import { batchWorld } from '../../../src/operations/batch-world.js';
import type { GroupedWork, Reads, Transaction } from '../../../src/ports/store.js';
import type { ServiceWorld } from './service.js';
import { createTap, HOWS, type How } from './tap.js';

type HeardEvent = { readonly happened: readonly string[]; readonly answer: string; readonly calls: readonly string[] };

/** A transaction of one statement, and what was seen of it behind the tap. */
async function hear(how: How, at: number, name: string): Promise<HeardEvent> {
  const happened: string[] = [];
  const tx = { setMark: async () => void happened.push('statement') } as unknown as Transaction;
  const store = {
    transaction: async (work: (tx: Transaction) => Promise<unknown>) => {
      try {
        const value = await work(tx);
        happened.push('commit');
        return ok(value);
      } catch {
        happened.push('rollback');
        return { ok: false, error: { kind: 'database-unavailable' } };
      }
    },
  };
  const tap = createTap({ at, name, how });
  const world = tap.world({ store, signer: {}, outlet: {}, statusChanged: () => undefined } as unknown as ServiceWorld);
  const run = tap.during(() => world.store.transaction((given) => given.setMark('a', 'b')));
  const ended = run.then((result) => (result.ok ? 'ok' : result.error.kind));
  const answer = await Promise.race([ended, tap.halted.then(() => soon('halted'))]);
  return { happened, answer, calls: tap.calls.map((call) => call.name) };
}

const EXPECTED: Readonly<Record<How, { readonly outer: readonly string[]; readonly inner: readonly string[] }>> = {
  'fails-before': { outer: [], inner: ['rollback'] },
  'fails-after': { outer: ['statement', 'commit'], inner: ['statement', 'rollback'] },
  'killed-before': { outer: [], inner: [] },
  'killed-after': { outer: ['statement', 'commit'], inner: ['statement'] },
};

describe('the tap of the port faults', () => {
  for (const how of HOWS) {
    const answer = how.startsWith('fails') ? 'database-unavailable' : 'halted';
    it(`${how}: a transaction`, async () => {
      const heard = await hear(how, 1, 'store.transaction');
      assert.deepEqual([heard.happened, heard.answer], [EXPECTED[how].outer, answer]);
    });
    it(`${how}: a statement in it`, async () => {
      const heard = await hear(how, 2, 'transaction.setMark');
      assert.deepEqual([heard.happened, heard.answer], [EXPECTED[how].inner, answer]);
      assert.deepEqual(heard.calls, ['store.transaction', 'transaction.setMark']);
    });
  }

  it('does not say that a call comes from the line that only passes it on', async () => {
    const tap = createTap(null);
    const store = { groupedRead: async () => ok(null) };
    const given = { store, signer: {}, outlet: {}, statusChanged: () => undefined } as unknown as ServiceWorld;
    const world = batchWorld(tap.world(given));
    const work: GroupedWork<Reads, string, null> = { run: async () => [null] };
    await tap.during(() => world.store.groupedRead(work, 'a'));
    assert.deepEqual(
      tap.calls.map(({ name, site }) => [name, site]),
      [['store.groupedRead', null]],
    );
  });

  it('refuses a run that goes another way than the one that was counted', async () => {
    await assert.rejects(hear('fails-before', 1, 'store.read'), /call 1 is store.read, and not store.transaction/);
  });
});
