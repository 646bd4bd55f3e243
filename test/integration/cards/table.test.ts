/**
 * Cards, holders and open procedures in the database. Without it, a statement could bring an
 * opposed card back, or two procedures of one person could race.
 */
import assert from 'node:assert/strict';
import { RESERVE_INTENTS, type Reservation } from '../../../src/operations/issuance/reserve.js';
import type { CardFacts } from '../../../src/ports/store/cards/cards.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { rawDatabase } from '../../support/db/raw.js';
import { intent, NOW } from '../../support/db/records.js';
import { CARD, reservation } from '../../support/db/reservations.js';
import { withRun } from '../../support/db/runs.js';

const HOLDER = '810002813839';
const OTHER = '8025000001/2600301753';
const FACTS: CardFacts = { tokenId: CARD.tokenId, product: 'cps', holderId: HOLDER, profession: '10' };

async function reserve(store: Store, reservations: readonly Reservation[]): Promise<readonly string[]> {
  const outcomes = unwrap(await store.transaction((tx) => RESERVE_INTENTS.run(tx, reservations)));
  return outcomes.map((outcome) =>
    outcome.kind === 'refused' && outcome.clash.kind === 'state-conflict' ? outcome.clash.rule : outcome.kind,
  );
}

const onCard = (number: number, tokenId: string = CARD.tokenId) =>
  intent(number, { cardTokenId: tokenId, card: { ...CARD, tokenId } });

/** The environment of production refuses cards that have ended, that of development does not. */
function lenient(asked: Reservation): Reservation {
  return { ...asked, environment: { ...asked.environment, refusesOpposed: false } };
}

describeOnEach('cards in the database', ({ kind, empty, opened }) => {
  it('appear with their first certificate, one row for each, with the facts of its request', async () => {
    const store = await withRun(await opened());
    const professional = { holder: { kind: 'professional', idNat: HOLDER, profession: '10' } };
    const records = [onCard(1), onCard(2, OTHER), intent(3)].map((record) => ({ ...record, ...professional }));
    assert.deepEqual(
      await reserve(
        store,
        records.map((record) => reservation(record)),
      ),
      Array(3).fill('reserved'),
    );
    const cards = unwrap(await store.read((reads) => reads.cardsById([CARD.tokenId, OTHER, '8025000001/0000000000'])));
    assert.deepEqual(
      cards.map(({ tokenId, product, holderId, profession, state, stateAt, version }) => [
        [tokenId, product, holderId, profession],
        [state, stateAt, version],
      ]),
      [CARD.tokenId, OTHER].map((tokenId) => [
        [tokenId, 'cps', HOLDER, '10'],
        ['in-use', NOW, 1],
      ]),
    );
    // The second certificate of a card writes nothing.
    assert.deepEqual(await reserve(store, [reservation({ ...onCard(4), ...professional })]), ['reserved']);
    const [again] = unwrap(await store.read((reads) => reads.cardsById([CARD.tokenId])));
    assert.equal(again?.version, 1);
  });

  it('that are opposed or returned, and holders who are barred, get nothing: the reservation decides', async () => {
    const store = await withRun(await opened({ environmentMark: 'production' }));
    unwrap(
      await store.transaction(async (tx) => {
        await tx.endCards([{ ...FACTS, state: 'opposed', reason: 'keyCompromise' }], NOW);
        await tx.endCards([{ ...FACTS, tokenId: OTHER, state: 'returned', reason: 'scrapped' }], NOW);
        await tx.setHolderState('barred-holder', { state: 'barred', at: NOW, actor: 'officer-1' });
        await tx.setHolderState('free-holder', { state: 'barred', at: NOW, actor: 'officer-1' });
        await tx.setHolderState('free-holder', { state: 'free', at: NOW, actor: 'officer-2' });
      }),
    );
    const asked = [
      reservation(onCard(1)),
      reservation(onCard(2, OTHER)),
      reservation(intent(3, { holderId: 'barred-holder' })),
      reservation(intent(4, { holderId: 'free-holder' })),
      reservation(intent(5)),
    ];
    const expected = ['card-opposed', 'card-returned', 'holder-barred', 'reserved', 'reserved'];
    assert.deepEqual(await reserve(store, asked), expected);
  });

  it('are used again in development only, where the guard of the end is left out', async () => {
    const store = await withRun(await opened());
    unwrap(await store.transaction((tx) => tx.endCards([{ ...FACTS, state: 'opposed', reason: 'unspecified' }], NOW)));
    assert.deepEqual(await reserve(store, [lenient(reservation(onCard(1)))]), ['reserved']);
    const [card] = unwrap(await store.read((reads) => reads.cardsById([CARD.tokenId])));
    assert.deepEqual([card?.state, card?.reason, card?.version], ['in-use', null, 2]);
  });

  it('keep their capabilities and their replacement until they end', async () => {
    const store = await withRun(await opened({ environmentMark: 'production' }));
    const capabilities = {
      generation: 'cps4',
      applet: '4.1.0',
      keyTypes: ['p-256', 'rsa-3072'],
      spareContainers: 2,
      reportedAt: NOW,
      reportedBy: 'card-management',
    };
    unwrap(
      await store.transaction(async (tx) => {
        await tx.putCardsInUse([FACTS, { ...FACTS, tokenId: OTHER }], NOW);
        await tx.setCapabilities([{ tokenId: CARD.tokenId, capabilities }]);
        await tx.setReplacement(CARD.tokenId, { by: OTHER, until: NOW + 5 });
      }),
    );
    const seen = async () =>
      unwrap(
        await store.read(async (reads) => ({
          cards: await reads.cardsAfter({ state: null, holderId: HOLDER, after: '', limit: 9 }),
          ended: await reads.cardsAfter({ state: 'returned', holderId: null, after: '', limit: 9 }),
          by: await reads.cardsReplacedBy([OTHER]),
          due: [await reads.replacementsDue(NOW + 4, 9), await reads.replacementsDue(NOW + 5, 9)],
        })),
      );
    const before = await seen();
    assert.deepEqual(
      before.cards.map(({ tokenId }) => tokenId),
      [CARD.tokenId, OTHER],
    );
    assert.deepEqual(before.cards[0]?.capabilities, capabilities);
    assert.deepEqual(
      [before.ended, before.by, ...before.due].map((found) => found.map(({ tokenId }) => tokenId)),
      [[], [CARD.tokenId], [], [CARD.tokenId]],
    );
    unwrap(
      await store.transaction((tx) => tx.endCards([{ ...FACTS, state: 'returned', reason: 'replaced' }], NOW + 5)),
    );
    const after = await seen();
    assert.deepEqual(after.due, [[], []]);
    assert.deepEqual(
      after.ended.map(({ reason, replacedBy, replacedUntil }) => [reason, replacedBy, replacedUntil]),
      [['replaced', OTHER, null]],
    );
  });

  it('have one open procedure for a holder and profession', async () => {
    const store = await withRun(await opened());
    const procedure = { holderId: HOLDER, profession: '10', kind: 'update', reference: 'u1', openedAt: NOW } as const;
    const opens = (one: object) =>
      store.transaction((tx) => tx.openProcedures([{ ...procedure, ...one }])).then((outcome) => unwrap(outcome) === 1);
    assert.equal(await opens({}), true);
    assert.equal(await opens({ kind: 'replacement', reference: CARD.tokenId }), false);
    assert.equal(await opens({ profession: '60', reference: 'u2' }), true);
    assert.equal(await opens({ holderId: 'another', reference: 'u3' }), true);
    const open = unwrap(await store.read((reads) => reads.proceduresOf([HOLDER])));
    assert.deepEqual(open.map(({ reference }) => reference).sort(), ['u1', 'u2']);
    unwrap(await store.transaction((tx) => tx.closeProcedures('replacement', ['u1'])));
    assert.equal(await opens({}), false);
    unwrap(await store.transaction((tx) => tx.closeProcedures('update', ['u1', 'unknown'])));
    assert.equal(await opens({ kind: 'replacement', reference: CARD.tokenId }), true);
  });

  it('the database refuses changes that our statements never make', async () => {
    const database = await empty();
    const store = await withRun(await opened({ database, environmentMark: 'production' }));
    unwrap(
      await store.transaction(async (tx) => {
        await tx.putCardsInUse([{ ...FACTS, tokenId: OTHER }], NOW);
        await tx.endCards([{ ...FACTS, state: 'opposed', reason: 'unspecified' }], NOW);
        await tx.setHolderState(HOLDER, { state: 'barred', at: NOW, actor: 'officer-1' });
        const procedure = { holderId: HOLDER, profession: '', kind: 'update', reference: 'u1', openedAt: NOW } as const;
        await tx.openProcedures([procedure]);
      }),
    );
    const raw = await rawDatabase(database);
    const ended = `where token_id = '${CARD.tokenId}'`;
    const inUse = `where token_id = '${OTHER}'`;
    const refused: (readonly [string, RegExp])[] = [
      ['delete from cards', /never deleted/],
      ['delete from holders', /never deleted/],
      [`update cards set state = 'in-use', reason = null, version = 9 ${ended}`, /the end of a card is final/],
      [`update cards set state = 'returned', version = 9 ${ended}`, /the end of a card is final/],
      [`update cards set token_id = 'x', version = 9 ${inUse}`, /keeps its number/],
      [`update cards set holder_id = 'x' ${inUse}`, /higher version/],
      [`update cards set state = 'opposed', version = 9 ${inUse}`, /cards_state/],
      [`update cards set generation = 'cps4', version = 9 ${inUse}`, /cards_capabilities/],
      [`update cards set replaced_until = 1, version = 9 ${inUse}`, /cards_replacement/],
      [`update cards set replaced_by = token_id, version = 9 ${inUse}`, /cards_replaced_by_another/],
      [`update holders set state = 'free'`, /higher version/],
      [`update holders set state = 'gone', version = 9`, /holders_state/],
      [`update holders set holder_id = 'x', version = 9`, /keeps its id/],
      [`update open_procedures set holder_id = 'x'`, /never updated/],
      [
        `insert into open_procedures (holder_id, profession, kind, reference, opened_at)
          values ('${HOLDER}', '', 'replacement', 'r1', 1)`,
        /unique/i,
      ],
    ];
    if (kind === 'postgresql')
      for (const table of ['cards', 'holders']) refused.push([`truncate ${table}`, /never deleted/]);
    for (const [sql, message] of refused) await assert.rejects(raw.all(sql), message, sql);
    await raw.close();
  });
});
