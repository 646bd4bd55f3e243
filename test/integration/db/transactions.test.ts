import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyChain } from '../../../src/audit/chain.js';
import { AssertionFailed } from '../../../src/kernel/assert.js';
import type { Store, Transaction } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { event, idOf, intent, NOW, RUN } from '../../support/db/records.js';
import { insertIntents } from '../../support/db/unaudited.js';
import { until } from '../../support/until.js';

async function entries(store: Store) {
  return unwrap(await store.read((reads) => reads.auditEntries({ from: 1, limit: 10_000 })));
}

describeOnEach('transactions', ({ fresh, opened }) => {
  it('all of it or none: what the work throws rolls back and is thrown on', async () => {
    const store = await opened();
    const bug = new AssertionFailed('a bug');
    await assert.rejects(
      store.transaction(async (tx) => {
        await insertIntents(tx, [intent(1)]);
        await tx.appendAudit([event()]);
        throw bug;
      }),
      bug,
    );
    const after = await store.read(async (reads) => [await reads.certificateById(idOf(1)), await reads.auditHead()]);
    assert.deepEqual(unwrap(after), [null, { seq: 0, chainHash: new Uint8Array(32) }]);
    unwrap(await store.transaction((tx) => insertIntents(tx, [intent(1)])));
  });

  it('a transaction sees what it wrote; others do not before its end', async () => {
    const store = await opened();
    const seen = await store.transaction(async (tx) => {
      await insertIntents(tx, [intent(1)]);
      const outside = unwrap(await store.read((reads) => reads.certificateById(idOf(1))));
      return { inside: await tx.lockCertificate(idOf(1)), outside };
    });
    assert.deepEqual(unwrap(seen), { inside: intent(1), outside: null });
  });

  it('statements of one work that are begun together are executed one after the other', async () => {
    const store = await opened();
    const warnings: string[] = [];
    const onWarning = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', onWarning);
    const together = { length: 5 };
    const read = await store.read((reads) => Promise.all(Array.from(together, () => reads.auditHead())));
    const written = await store.transaction((tx) => Promise.all(Array.from(together, () => tx.auditHead())));
    await sleep(1);
    process.off('warning', onWarning);
    for (const heads of [unwrap(read), unwrap(written)])
      assert.deepEqual(new Set(heads.map(({ seq }) => seq)), new Set([0]));
    // pg would queue them, and warns that it will not do so in its next version.
    assert.deepEqual(warnings, []);
  });

  it('a hundred at once queue, all succeed, and the audit numbers have no gap', async () => {
    const store = await opened();
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, at) =>
        store.transaction(async (tx) => {
          await insertIntents(tx, [intent(at)]);
          await tx.appendAudit([event(at), event()]);
        }),
      ),
    );
    assert.ok(results.every(({ ok }) => ok));
    const verdict = await verifyChain(await entries(store));
    assert.ok(verdict.ok && verdict.value.count === 200);
    assert.deepEqual(unwrap(await store.read((reads) => reads.auditHead())), verdict.value.head);
  });

  it('two services on one database share one chain and never a CRL number', async () => {
    const database = await fresh();
    const both = await Promise.all([opened({ database }), opened({ database })]);
    const issuer = intent(1).issuer;
    const numbers = await Promise.all(
      Array.from({ length: 60 }, async (_, at) => {
        const store = both[at % 2] ?? both[0];
        return unwrap(
          await store.transaction(async (tx) => {
            await tx.appendAudit([event(at)]);
            return tx.reserveCrl({ issuer, thisUpdate: NOW, nextUpdate: NOW + 1 });
          }),
        ).number;
      }),
    );
    assert.deepEqual(
      numbers.toSorted((a, b) => a - b),
      Array.from({ length: 60 }, (_, at) => at + 1),
    );
    const verdict = await verifyChain(await entries(both[1]));
    assert.ok(verdict.ok && verdict.value.count === 60);
  });

  it('the queue is bounded and so is the wait in it: database-unavailable, in time', async () => {
    const limits = { waitMsMax: 500, waitingMax: 2 };
    const store = await opened({ limits });
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const slow = store.transaction(() => ended);
    const waiting = [1, 2, 3].map((at) => store.transaction((tx) => insertIntents(tx, [intent(at)])));
    // They are answered while the first one is still in progress.
    const outcomes = await Promise.all(waiting);
    end();
    const details = outcomes.map((outcome) => (outcome.ok ? '' : outcome.error.detail));
    assert.match(details[0] ?? '', /too long/);
    assert.match(details[1] ?? '', /too long/);
    assert.match(details[2] ?? '', /too many/);
    unwrap(await slow);
    // On a busy machine the limit of these waits is short for a transaction that waits for nobody.
    await until('a transaction after them', async () => {
      const stored = await store.transaction((tx) => insertIntents(tx, [intent(1)]));
      return stored.ok;
    });
  });

  it('a transaction that hangs is rolled back, the next one goes on, and the first can write nothing more', async () => {
    // The schema is created without these short limits.
    const database = await fresh();
    await (await opened({ database })).close();
    // Only the first transaction must be longer than that, also on a busy machine.
    const store = await opened({ database, limits: { transactionMsMax: 2_000 } });
    let goOn: () => void = () => undefined;
    const isOver = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let write: () => void = () => undefined;
    const written = new Promise<void>((resolve) => {
      write = resolve;
    });
    let late: Promise<unknown> = Promise.resolve();
    const hanging = await store.transaction(async (tx) => {
      await insertIntents(tx, [intent(1)]);
      await isOver;
      late = insertIntents(tx, [intent(2)]);
      write();
      await late;
    });
    assert.ok(!hanging.ok && /too long and was rolled back/.test(hanging.error.detail));
    unwrap(await store.transaction((tx) => insertIntents(tx, [intent(3)])));
    goOn();
    await written;
    await assert.rejects(late);
    const open = unwrap(await store.read((reads) => reads.openIntents({ run: RUN, limit: 10 })));
    assert.deepEqual(
      open.map(({ id }) => id),
      [idOf(3)],
    );
  });

  it('a transaction that is over answers no more', async () => {
    const store = await opened();
    let kept: Transaction | undefined;
    await store.transaction(async (tx) => {
      kept = tx;
    });
    assert.ok(kept !== undefined);
    await assert.rejects(kept.auditHead(), AssertionFailed);
    await assert.rejects(insertIntents(kept, [intent(1)]), AssertionFailed);
  });

  it('after close everything is database-unavailable, and work that runs is let finish', async () => {
    const store = await opened();
    const running = store.transaction(async (tx) => {
      await sleep(50);
      await insertIntents(tx, [intent(1)]);
    });
    const queued = store.transaction((tx) => insertIntents(tx, [intent(2)]));
    await store.close();
    unwrap(await running);
    for (const outcome of [
      await queued,
      await store.transaction((tx) => tx.auditHead()),
      await store.read((reads) => reads.auditHead()),
      await store.revokedSnapshot({ issuer: intent(1).issuer, partition: null, thisUpdate: NOW }, (snapshot) =>
        snapshot.count(),
      ),
    ]) {
      assert.ok(!outcome.ok && outcome.error.kind === 'database-unavailable');
    }
  });
});
