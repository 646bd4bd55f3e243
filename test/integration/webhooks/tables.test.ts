/**
 * The tables of events and deliveries. Without these tests SQL could rewrite an event that a
 * receiver already has, or lose one that it has not got.
 */
import assert from 'node:assert/strict';
import type { OutboxEvent } from '../../../src/ports/store/outbox/events.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { type RawDatabase, rawDatabase } from '../../support/db/raw.js';
import { DAY_MS, NOW } from '../../support/db/records.js';

const ENDPOINT = 'cards';

function event(number: number, at = NOW): OutboxEvent {
  return { topic: 'crl.published', subject: 'aci-fo-pp', account: null, at, data: { number } };
}

function publish(store: Store, ...events: readonly OutboxEvent[]): Promise<readonly number[]> {
  return store.transaction((tx) => tx.publish(events)).then(unwrap);
}

const DONE = { attempts: 1, firstAt: NOW, nextAt: null, lastStatus: 204, lastError: null, doneAt: NOW } as const;

describeOnEach('the outbox', ({ kind, fresh, opened }) => {
  it('numbers events in the order of their transactions, and keeps their bodies as they were', async () => {
    const store = await opened();
    const ids = [...(await publish(store, event(1), event(2))), ...(await publish(store, event(3)))];
    assert.deepEqual(
      ids,
      [...ids].sort((one, other) => one - other),
    );
    const rolledBack = store.transaction(async (tx) => {
      await tx.publish([event(4)]);
      throw new Error('after the event');
    });
    await assert.rejects(rolledBack, /after the event/);
    const found = unwrap(await store.read((reads) => reads.eventsAfter({ after: ids[0] ?? 0, limit: 9 })));
    assert.deepEqual(
      found.map(({ id, subject }) => [id, subject]),
      ids.slice(1).map((id) => [id, 'aci-fo-pp']),
    );
  });

  it('refuses by SQL what would lose or rewrite an event', async () => {
    const database = await fresh();
    const store = await opened({ database });
    const [first = 0, second = 0, third = 0] = await publish(store, event(1), event(2), event(3));
    unwrap(
      await store.transaction(async (tx) => {
        for (const number of [first, second, third])
          await tx.insertDeliveries([{ endpoint: ENDPOINT, event: number, subject: 'aci-fo-pp', nextAt: NOW }]);
        const dead = { ...DONE, state: 'dead', doneAt: null } as const;
        await tx.updateDeliveries([
          { delivery: { endpoint: ENDPOINT, event: second }, progress: { ...DONE, state: 'delivered' } },
          { delivery: { endpoint: ENDPOINT, event: third }, progress: dead },
        ]);
        await tx.setWebhookCursor(ENDPOINT, third);
      }),
    );
    const raw = await rawDatabase(database);
    if (kind === 'sqlite') await raw.all('pragma foreign_keys = on');
    const refuse = (sql: string, reason: RegExp) => assert.rejects(raw.all(sql), reason, sql);
    await refuse(`update outbox set body = '{}' where id = ${first}`, /rows are never updated/);
    await refuse(`delete from outbox where id = ${second}`, /foreign key/i);
    const deliveries = `webhook_deliveries where outbox_id`;
    await refuse(`delete from ${deliveries} = ${first}`, /an unfinished delivery is not deleted/);
    await refuse(`delete from ${deliveries} = ${third}`, /an unfinished delivery is not deleted/);
    const set = (columns: string, id: number) => `update webhook_deliveries set ${columns} where outbox_id = ${id}`;
    await refuse(set(`outbox_id = 0`, first), /a delivery keeps its event/);
    await refuse(set(`subject = 'other'`, first), /a delivery keeps its event/);
    await refuse(set(`state = 'dropped', next_at = null, done_at = 1`, first), /only a dead delivery is dropped/);
    await refuse(set(`done_at = 2`, second), /a finished delivery is only sent again/);
    await refuse(set(`state = 'delivered', next_at = null`, first), /webhook_deliveries_state/);
    await refuse(`update webhook_cursors set last_id = 0`, /an endpoint does not go back/);
    await refuse(`delete from webhook_cursors`, /rows are never deleted/);
    await raw.close();
  });

  it('hands out the first unfinished delivery of each subject whose time has come', async () => {
    const store = await opened();
    const of = (subject: string, number: number): OutboxEvent => ({ ...event(number), subject });
    const [a1 = 0, b1 = 0, a2 = 0, c1 = 0] = await publish(store, of('a', 1), of('b', 2), of('a', 3), of('c', 4));
    const due = async (now = NOW) =>
      unwrap(await store.read((reads) => reads.dueDeliveries({ endpoint: ENDPOINT, now, limit: 9 }))).map(
        (one) => one.event,
      );
    const update = (number: number, state: 'delivered' | 'dead' | 'dropped') =>
      store.transaction((tx) =>
        tx.updateDeliveries([
          {
            delivery: { endpoint: ENDPOINT, event: number },
            progress: { ...DONE, state, doneAt: state === 'dead' ? null : NOW },
          },
        ]),
      );
    unwrap(
      await store.transaction(async (tx) => {
        const rows = [
          { event: a1, subject: 'a', nextAt: NOW },
          { event: b1, subject: 'b', nextAt: NOW + 1 },
          { event: a2, subject: 'a', nextAt: NOW },
          { event: c1, subject: 'c', nextAt: NOW - 1 },
        ];
        await tx.insertDeliveries(rows.map((row) => ({ endpoint: ENDPOINT, ...row })));
      }),
    );
    assert.deepEqual(await due(), [c1, a1]);
    assert.deepEqual(await due(NOW + 1), [c1, a1, b1]);
    unwrap(await update(a1, 'dead'));
    assert.deepEqual(await due(), [c1], 'a dead one holds back the later ones of its subject');
    unwrap(await update(a1, 'dropped'));
    assert.deepEqual(await due(), [c1, a2]);
    const counts = unwrap(await store.read((reads) => reads.deliveryCounts()));
    assert.deepEqual(counts, [{ endpoint: ENDPOINT, state: 'waiting', count: 3, oldestAt: NOW }]);
    const page = unwrap(await store.read((reads) => reads.deliveries({ endpoint: ENDPOINT, before: c1, limit: 2 })));
    assert.deepEqual(
      page.map((one) => one.event),
      [a2, b1],
    );
    const waiting = { endpoint: ENDPOINT, state: 'dropped', limit: 9 } as const;
    const dropped = unwrap(await store.read((reads) => reads.deliveries(waiting)));
    assert.deepEqual(
      dropped.map((one) => one.event),
      [a1],
    );
  });

  it('deletes old events in the order of their age, except those with a delivery', async () => {
    const database = await fresh();
    const store = await opened({ database });
    const old = NOW - DAY_MS;
    const ids = await publish(store, event(1, old), event(2, old), event(3, old), event(4, NOW), event(5, old));
    const [first = 0, second = 0, third = 0] = ids;
    unwrap(
      await store.transaction((tx) =>
        tx.insertDeliveries([{ endpoint: ENDPOINT, event: second, subject: 'aci-fo-pp', nextAt: NOW }]),
      ),
    );
    const remove = (upTo: number, after: number, limit: number) =>
      store.transaction((tx) => tx.deleteOldEvents({ before: NOW, upTo, after, limit })).then(unwrap);
    assert.equal(await remove(second, 0, 1), first);
    assert.equal(await remove(second, first, 9), null, 'nothing after the last number');
    const raw: RawDatabase = await rawDatabase(database);
    const left = async () => (await raw.all('select id from outbox order by id')).map(({ id }) => Number(id));
    assert.deepEqual(await left(), ids.slice(1));
    assert.equal(await remove(Number.MAX_SAFE_INTEGER, 0, 9), null);
    assert.deepEqual(await left(), [second, ...ids.slice(3)], 'it stops at the first that is not old');
    assert.notEqual(third, 0);
    await raw.close();
  });
});
