/**
 * The timers of updates. Without these tests, a timer could revoke the set that a card holds, or
 * leave the set that it does not hold any more.
 */
import assert from 'node:assert/strict';
import { workDueUpdates } from '../../../src/operations/updates/due.js';
import type { CardUpdate } from '../../../src/ports/store/cards/card-updates.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { DAY_MS, idOf, intent, NOW } from '../../support/db/records.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { insertIntents, setStates, storeSignatures } from '../../support/db/unaudited.js';
import { updateRow } from '../../support/updates/update-rows.js';

const MANY = 1_000;
/** Before the time of both databases: a real server has its own clock. */
const PAST = NOW - 1;
const REVOKED = { status: 'revoked', at: NOW, reason: 'superseded', invalidityDate: null } as const;

describeOnEach('the timers of updates', ({ opened }) => {
  let store: Store;
  let withdrawn: string[];
  let warned: string[];
  beforeEach(async () => {
    store = await opened();
    withdrawn = [];
    warned = [];
  });
  const work = async (): Promise<boolean> =>
    unwrap(
      await workDueUpdates({
        store,
        clock: () => NOW,
        statusChanged: (changes) => void withdrawn.push(...changes.map(({ serial }) => serial)),
        log: {
          info: () => undefined,
          warn: (event, fields) => void warned.push(`${event} ${fields?.id}`),
          error: () => undefined,
        },
      }),
    );
  /** Each has an old certificate that is issued, and two new ones. */
  const put = async (updates: readonly CardUpdate[]): Promise<void> => {
    const records = updates.flatMap(({ cardTokenId, id: updateId, state, oldIds, newIds }) => [
      ...oldIds.map((id) => intent(Number.parseInt(id.slice(-12), 16), { cardTokenId })),
      ...newIds.map((id, at) =>
        intent(Number.parseInt(id.slice(-12), 16), {
          cardTokenId,
          updateId,
          renews: oldIds[at] ?? null,
          becomes: state === 'confirmed' ? 'issued' : 'pending',
        }),
      ),
    ]);
    unwrap(
      await store.transaction(async (tx) => {
        await insertIntents(tx, records);
        await storeSignatures(
          tx,
          records.map(({ id }) => ({ id, signature: Uint8Array.of(1) })),
        );
        await tx.insertUpdates(updates);
      }),
    );
  };
  const statusesOf = async (ids: readonly string[]): Promise<readonly string[]> =>
    unwrap(await store.read((reads) => reads.certificatesByIds(ids))).map(({ state }) => state.status);
  const updateOf = async (number: number): Promise<CardUpdate> => {
    const [found] = unwrap(await store.read((reads) => reads.updatesByIds([idOf(number)])));
    return found ?? assert.fail('the update');
  };
  const offered = (number: number): CardUpdate =>
    updateRow(number, { state: number % 2 === 0 ? 'offered' : 'writing', offeredAt: PAST, dueAt: PAST });
  const confirmed = (number: number, from: Partial<CardUpdate> = {}): CardUpdate =>
    updateRow(number, { state: 'confirmed', offeredAt: PAST, dueAt: PAST, endedBy: 'system', ...from });

  it(`make ${MANY} updates undetermined, in parts, list and count them, and change no certificate`, async () => {
    const numbers = Array.from({ length: MANY }, (_, at) => at + 1);
    // Ids of the certificates follow those of all updates.
    const far = (number: number) => ({
      oldIds: [idOf(10_000 + number)],
      newIds: [idOf(20_000 + number), idOf(30_000 + number)],
    });
    await put(numbers.map((number) => ({ ...offered(number), ...far(number) })));
    let parts = 1;
    while (await work()) parts += 1;
    assert.equal(parts, MANY / 200 + 1);
    assert.equal(warned.length, MANY);
    const { totals, page } = unwrap(
      await store.read(async (reads) => ({
        totals: await reads.updateTotals(),
        page: await reads.updatesPage({ cardTokenId: null, state: 'undetermined', before: null, limit: 5 }),
      })),
    );
    assert.deepEqual(totals.byState, { undetermined: MANY });
    assert.ok(totals.undeterminedSince !== null);
    assert.equal(page.length, 5);
    assert.deepEqual(withdrawn, []);
    const ids = numbers.slice(0, 3).flatMap((number) => [...far(number).oldIds, ...far(number).newIds]);
    assert.deepEqual([...(await statusesOf(ids))].sort(), [...Array(3).fill('issued'), ...Array(6).fill('pending')]);
    const topics = unwrap(await store.read((reads) => reads.eventsAfter({ after: 0, limit: 3 })));
    assert.deepEqual(new Set(topics.map(({ topic }) => topic)), new Set(['update.undetermined']));
  });

  it('revoke the old set when the overlap is over, or leave it, as the update says', async () => {
    await put([confirmed(1), confirmed(2, { supersede: 'let-end' })]);
    assert.equal(await work(), false);
    for (const number of [1, 2]) assert.equal((await updateOf(number)).state, 'completed');
    assert.deepEqual(await statusesOf([idOf(1_001), idOf(1_002)]), ['revoked', 'issued']);
    assert.deepEqual(await statusesOf([idOf(2_001), idOf(3_001)]), ['issued', 'issued']);
    assert.equal(withdrawn.length, 1);
    assert.equal(await work(), false);
    assert.equal((await storedAudit(store)).filter(({ type }) => type === 'update.completed').length, 2);
  });

  it('keep an old certificate whose new one was revoked during the overlap, and complete', async () => {
    await put([confirmed(1, { oldIds: [idOf(1_001), idOf(4_001)] })]);
    const state = { id: idOf(2_001), state: REVOKED };
    unwrap(await store.transaction((tx) => setStates(tx, [state], { at: NOW, actor: 'officer-1' })));
    await work();
    assert.deepEqual(await statusesOf([idOf(1_001)]), ['issued']);
    assert.deepEqual(await statusesOf([idOf(4_001)]), ['revoked']);
    assert.equal(withdrawn.length, 1);
    assert.equal((await updateOf(1)).state, 'completed');
    assert.equal((await storedAudit(store)).filter(({ type }) => type === 'update.completed').length, 1);
  });

  it('confirm what nobody has confirmed when every old certificate has ended', async () => {
    const undetermined = { state: 'undetermined', offeredAt: PAST, dueAt: PAST } as const;
    await put([updateRow(1, undetermined), updateRow(2, undetermined)]);
    const state = { id: idOf(1_001), state: REVOKED };
    unwrap(await store.transaction((tx) => setStates(tx, [state], { at: NOW, actor: 'officer-1' })));
    await work();
    assert.deepEqual([(await updateOf(1)).state, (await updateOf(2)).state], ['confirmed', 'undetermined']);
    assert.deepEqual(await statusesOf([idOf(2_001), idOf(3_001)]), ['issued', 'issued']);
    assert.deepEqual(await statusesOf([idOf(2_002), idOf(3_002)]), ['pending', 'pending']);
  });

  it('leave alone what is not due', async () => {
    const later = Date.now() + 1_000 * DAY_MS;
    await put([updateRow(1, { state: 'offered', offeredAt: PAST, dueAt: later }), confirmed(2, { dueAt: later })]);
    assert.equal(await work(), false);
    assert.deepEqual([(await updateOf(1)).state, (await updateOf(2)).state], ['offered', 'confirmed']);
  });
});
