/**
 * Rows of remote updates and of what cards have signed. Without the guards, SQL could end an update
 * for which a card still has to speak, or change what it has signed.
 */
import assert from 'node:assert/strict';
import { reportUpdates } from '../../../src/compose/metrics/update-metrics.js';
import { AssertionFailed } from '../../../src/kernel/assert.js';
import { createMetrics } from '../../../src/observe/metrics.js';
import type { CardUpdate, UpdateChange } from '../../../src/ports/store/cards/card-updates.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { type RawDatabase, rawDatabase } from '../../support/db/raw.js';
import { DAY_MS, idOf, NOW } from '../../support/db/records.js';
import { proofRow, UPDATED_CARD, updateRow } from '../../support/updates/update-rows.js';

const CARD = UPDATED_CARD;

async function insert(store: Store, ...updates: readonly CardUpdate[]): Promise<void> {
  unwrap(await store.transaction((tx) => tx.insertUpdates(updates)));
}

async function change(store: Store, ...changes: readonly UpdateChange[]): Promise<void> {
  unwrap(await store.transaction((tx) => tx.changeUpdates(changes)));
}

async function found(store: Store, number: number): Promise<CardUpdate | undefined> {
  return unwrap(await store.read((reads) => reads.updatesByIds([idOf(number)])))[0];
}

describeOnEach('rows of remote updates', ({ opened, fresh }) => {
  it('are read as they were written, and offered with their time to confirm', async () => {
    const store = await opened();
    await insert(
      store,
      updateRow(1),
      updateRow(2, { campaignId: idOf(9), supersede: 'let-end', channel: 'secure-messaging' }),
    );
    assert.deepEqual(await found(store, 1), updateRow(1));
    const offered = unwrap(await store.transaction((tx) => tx.offerUpdates([idOf(1), idOf(7)], NOW + 5)));
    const after: CardUpdate = {
      ...updateRow(1),
      state: 'offered',
      stateAt: NOW + 5,
      offeredAt: NOW + 5,
      dueAt: NOW + 5 + 3 * DAY_MS,
      version: 2,
    };
    assert.deepEqual(offered, [after]);
    assert.deepEqual(await found(store, 1), after);
    assert.deepEqual(unwrap(await store.transaction((tx) => tx.offerUpdates([idOf(1)], NOW + 6))), []);
    await change(store, {
      id: idOf(1),
      version: 2,
      from: 'offered',
      state: 'confirmed',
      stateAt: NOW + 9,
      dueAt: NOW + 10,
      endedBy: 'certificate:aci-fo-pp/01',
    });
    const confirmed = await found(store, 1);
    assert.deepEqual(
      [confirmed?.state, confirmed?.endedBy, confirmed?.dueAt, confirmed?.version],
      ['confirmed', 'certificate:aci-fo-pp/01', NOW + 10, 3],
    );
  });

  it('are found by card, state, keys and time', async () => {
    const store = await opened();
    const card = { cardTokenId: CARD };
    const ended = { state: 'failed', endedBy: 'system' } as const;
    const due = { state: 'offered', offeredAt: NOW } as const;
    await insert(
      store,
      updateRow(1, { ...card, ...ended, begunAt: NOW - DAY_MS }),
      updateRow(2, { ...card, state: 'abandoned', offeredAt: NOW, endedBy: 'system' }),
      updateRow(3, { ...card, ...due, dueAt: NOW + 20 }),
      updateRow(4, { ...due, dueAt: NOW + 10 }),
      updateRow(5),
      updateRow(6, { cardTokenId: 'another', ...ended }),
    );
    const ids = (updates: readonly CardUpdate[]) => updates.map(({ id }) => id);
    const read = unwrap(
      await store.read(async (reads) => ({
        live: ids(await reads.liveUpdatesOf([CARD, 'another'])),
        ofCard: ids(await reads.updatesPage({ cardTokenId: CARD, state: null, before: null, limit: 2 })),
        rest: ids(await reads.updatesPage({ cardTokenId: CARD, state: null, before: idOf(2), limit: 2 })),
        offered: ids(await reads.updatesPage({ cardTokenId: null, state: 'offered', before: null, limit: 9 })),
        byKeys: ids(await reads.updatesByKeys([updateRow(5).keysSha256, 'f'.repeat(64)])),
        due: ids(await reads.updatesDue(NOW + 20, 5)),
        first: ids(await reads.updatesDue(NOW + 20, 1)),
        begun: await reads.countUpdatesSince([CARD, 'another'], NOW - DAY_MS),
        totals: await reads.updateTotals(),
      })),
    );
    assert.deepEqual(read, {
      live: [idOf(3)],
      ofCard: [idOf(3), idOf(2)],
      rest: [idOf(1)],
      offered: [idOf(4), idOf(3)],
      byKeys: [idOf(5)],
      due: [idOf(4), idOf(3)],
      first: [idOf(4)],
      begun: new Map([[CARD, 2]]),
      totals: { byState: { offered: 2, issuing: 1 }, undeterminedSince: null },
    });
  });

  it('are counted by state with each change, without being read', async () => {
    const store = await opened();
    await insert(store, updateRow(1), updateRow(2), updateRow(3), updateRow(4, { state: 'failed', endedBy: 'system' }));
    const totals = async () => unwrap(await store.read((reads) => reads.updateTotals()));
    assert.deepEqual(await totals(), { byState: { issuing: 3 }, undeterminedSince: null });
    unwrap(await store.transaction((tx) => tx.offerUpdates([1, 2, 3, 7].map(idOf), NOW)));
    const next = (number: number, read: Pick<UpdateChange, 'version' | 'from'>, state: CardUpdate['state']) =>
      ({ id: idOf(number), ...read, state, stateAt: NOW + number, dueAt: NOW }) as const;
    const offered = { version: 2, from: 'offered' } as const;
    const late = { version: 3, from: 'undetermined' } as const;
    await change(store, next(1, offered, 'undetermined'), next(2, offered, 'undetermined'));
    await change(store, next(2, late, 'undetermined'));
    await change(store, { ...next(1, late, 'abandoned'), dueAt: null, endedBy: 'system' });
    assert.deepEqual(await totals(), { byState: { offered: 1, undetermined: 1 }, undeterminedSince: NOW + 2 });
    const metrics = createMetrics();
    await reportUpdates(store, metrics);
    const { values } = await metrics.updates.get();
    const states = Object.fromEntries(values.map(({ labels, value }) => [labels.state, value]));
    assert.deepEqual(states, { issuing: 0, offered: 1, writing: 0, undetermined: 1, confirmed: 0 });
    await assert.rejects(change(store, next(3, { version: 2, from: 'writing' }, 'undetermined')), AssertionFailed);
    assert.deepEqual((await totals()).byState, { offered: 1, undetermined: 1 });
  });

  it('are one for a card while they are live, and one for a set of keys for ever', async () => {
    const store = await opened();
    await insert(store, updateRow(1, { cardTokenId: CARD }));
    const refused = (other: CardUpdate) => assert.rejects(insert(store, other), AssertionFailed);
    await refused(updateRow(2, { cardTokenId: CARD }));
    const failed = { state: 'failed', stateAt: NOW, dueAt: null, endedBy: 'system' } as const;
    await change(store, { id: idOf(1), version: 1, from: 'issuing', ...failed });
    await insert(store, updateRow(2, { cardTokenId: CARD }));
    await refused(updateRow(3, { keysSha256: updateRow(1).keysSha256 }));
  });

  it('are not changed by who has read an older version', async () => {
    const store = await opened();
    await insert(store, updateRow(1));
    unwrap(await store.transaction((tx) => tx.offerUpdates([idOf(1)], NOW)));
    await assert.rejects(
      change(store, { id: idOf(1), version: 1, from: 'issuing', state: 'writing', stateAt: NOW, dueAt: NOW }),
      AssertionFailed,
    );
  });

  it('have proofs of one form, in their order', async () => {
    const store = await opened();
    const cms = proofRow(2, {
      id: idOf(6_000),
      updateId: idOf(1),
      verb: 'confirm',
      signature: null,
      cms: Uint8Array.of(9),
    });
    const revocation = proofRow(3, { updateId: null, verb: 'revoke' });
    unwrap(await store.transaction((tx) => tx.insertCardProofs([cms, proofRow(1), revocation])));
    assert.deepEqual(unwrap(await store.read((reads) => reads.proofsOfUpdate(idOf(1)))), [proofRow(1), cms]);
    for (const broken of [
      proofRow(4, { cms: Uint8Array.of(1) }),
      proofRow(5, { signature: null }),
      proofRow(6, { updateId: null }),
      proofRow(7, { verb: 'revoke' }),
    ])
      await assert.rejects(
        store.transaction((tx) => tx.insertCardProofs([broken])),
        AssertionFailed,
      );
  });

  describe('in the hands of whoever owns the database', () => {
    const CHANGES: readonly (readonly [string, RegExp])[] = [
      [`update card_updates set new_ids = '[]', version = 9 where state = 'offered'`, /began with stays/],
      [`update card_updates set account_id = 'other', version = 9 where state = 'offered'`, /began with stays/],
      [`update card_updates set version = version where state = 'offered'`, /higher version/],
      [`update card_updates set due_at = null, version = 9 where state = 'offered'`, /card_updates_state/],
      [`update card_updates set state = 'issuing', due_at = null, version = 9 where state = 'offered'`, /offered/],
      [
        `update card_updates set state = 'abandoned', due_at = null, version = 9 where state = 'confirmed'`,
        /not taken back/,
      ],
      [`update card_updates set detail = 'x', version = 9 where state = 'failed'`, /does not change/],
      ['delete from card_updates', /never deleted/],
      ['update update_counts set updates = updates - 9', /update_counts_updates/],
      [`update update_counts set state = 'begun' where state = 'failed'`, /that of its state/],
      ['delete from update_counts', /never deleted/],
      [`update card_proofs set statement = '{}'`, /never updated/],
      ['delete from card_proofs', /never deleted/],
    ];

    it('cannot lose their ends, their beginnings or what was signed', async () => {
      const database = await fresh();
      const store = await opened({ database });
      await insert(
        store,
        updateRow(1, { state: 'offered', offeredAt: NOW, dueAt: NOW + 1 }),
        updateRow(2, { state: 'confirmed', offeredAt: NOW, dueAt: NOW + 1, endedBy: 'officer-1' }),
        updateRow(3, { state: 'failed', endedBy: 'system' }),
      );
      unwrap(await store.transaction((tx) => tx.insertCardProofs([proofRow(1)])));
      const raw: RawDatabase = await rawDatabase(database);
      for (const [sql, message] of CHANGES) await assert.rejects(raw.all(sql), message, sql);
      await raw.close();
    });
  });
});
