import assert from 'node:assert/strict';
import { deferred } from '../../../hsm/deferred.js';
import { AssertionFailed } from '../../../src/kernel/assert.js';
import type { GroupedWork, Reads, Store, Transaction } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { idOf, intent, RUN } from '../../support/db/records.js';
import { insertIntents } from '../../support/db/unaudited.js';

/** Inserts intents by number and counts its turns. */
function inserting(fails: (number: number) => boolean = () => false) {
  const turns: (readonly number[])[] = [];
  const work: GroupedWork<Transaction, number, string> = {
    run: async (tx, numbers) => {
      turns.push(numbers);
      await insertIntents(
        tx,
        numbers.map((number) => intent(number)),
      );
      if (numbers.some(fails)) throw new AssertionFailed('a bug');
      return numbers.map((number) => `inserted ${number}`);
    },
  };
  return { work, turns };
}

async function countOf(store: Store): Promise<number> {
  return unwrap(await store.read((reads) => reads.openIntents({ run: RUN, limit: 1_000 }))).length;
}

const numbers = Array.from({ length: 60 }, (_, at) => at + 1);

describeOnEach('grouped work', ({ opened }) => {
  it('waiting requests share a transaction, and each gets its own outcome', async () => {
    const store = await opened();
    const { work, turns } = inserting();
    const outcomes = await Promise.all(numbers.map((number) => store.groupedTransaction(work, number)));
    assert.deepEqual(
      outcomes.map(unwrap),
      numbers.map((number) => `inserted ${number}`),
    );
    assert.equal(await countOf(store), numbers.length);
    assert.ok(turns.length <= 3, `${turns.length} turns`);
    assert.deepEqual(turns.flat(), numbers);
  });

  it('a turn takes at most the configured number of items', async () => {
    const store = await opened({ limits: { groupItemsMax: 7 } });
    const { work, turns } = inserting();
    await Promise.all(numbers.map((number) => store.groupedTransaction(work, number)));
    assert.ok(turns.every(({ length }) => length <= 7));
    assert.equal(await countOf(store), numbers.length);
  });

  it('an item that throws does not affect others: nothing of it is stored, and the others are done', async () => {
    const store = await opened();
    const { work } = inserting((number) => number === 13);
    const outcomes = await Promise.allSettled(numbers.map((number) => store.groupedTransaction(work, number)));
    for (const [at, outcome] of outcomes.entries()) {
      if (at + 1 === 13) assert.ok(outcome.status === 'rejected' && outcome.reason instanceof AssertionFailed);
      else assert.ok(outcome.status === 'fulfilled' && outcome.value.ok);
    }
    assert.equal(await countOf(store), numbers.length - 1);
    assert.equal(unwrap(await store.read((reads) => reads.certificateById(idOf(13)))), null);
  });

  it('two kinds of work share a transaction and see each other’s writes', async () => {
    const store = await opened();
    const { work, turns } = inserting();
    const seeing: GroupedWork<Transaction, number, boolean> = {
      run: async (tx, asked) => {
        const open = await tx.openAmong(asked.map(idOf));
        return asked.map((number) => open.has(idOf(number)));
      },
    };
    const first = store.groupedTransaction(work, 1);
    const seen = store.groupedTransaction(seeing, 1);
    assert.deepEqual([unwrap(await first), unwrap(await seen)], ['inserted 1', true]);
    assert.equal(turns.length, 1);
  });

  it('a read does not wait for the end of a read of another kind of work, but for one of its own kind', async () => {
    const store = await opened();
    const held = deferred<void>();
    const ended: string[] = [];
    const readingAfter = (wait: Promise<void>): GroupedWork<Reads, string, void> => ({
      run: async (reads, names) => {
        await wait;
        await reads.openIntents({ run: RUN, limit: 1 });
        ended.push(names.join());
        return names.map(() => undefined);
      },
    });
    const slow = readingAfter(held.promise);
    const first = ['a', 'b', 'c'].map((name) => store.groupedRead(slow, name));
    unwrap(await store.groupedRead(readingAfter(Promise.resolve()), 'other'));
    assert.deepEqual(ended, ['other']);
    held.resolve();
    for (const one of first) unwrap(await one);
    assert.deepEqual(ended, ['other', 'a,b,c']);
  });

  it('work that does not answer for each of its items is a bug, and commits nothing', async () => {
    const store = await opened();
    const mute: GroupedWork<Transaction, number, string> = {
      run: async (tx, asked) => {
        await insertIntents(
          tx,
          asked.map((number) => intent(number)),
        );
        return [];
      },
    };
    await assert.rejects(store.groupedTransaction(mute, 1), AssertionFailed);
    assert.equal(await countOf(store), 0);
  });

  it('the queue is bounded, and rejected when the database is closed', async () => {
    const store = await opened({ limits: { waitingMax: 20 } });
    const { work } = inserting();
    const outcomes = await Promise.all(numbers.map((number) => store.groupedTransaction(work, number)));
    const refused = outcomes.filter(({ ok }) => !ok);
    assert.ok(refused.length > 0 && refused.length < numbers.length);
    assert.ok(refused.every((outcome) => !outcome.ok && outcome.error.kind === 'database-unavailable'));
    assert.equal(await countOf(store), numbers.length - refused.length);
    await store.close();
    const late = await store.groupedTransaction(work, 100);
    assert.ok(!late.ok && late.error.kind === 'database-unavailable');
  });
});
