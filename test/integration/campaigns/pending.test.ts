/**
 * What a card is told to do next, and its place. Without these rules two cards would share a place,
 * a card would get a new one with each question, or it would begin before its time.
 */
import assert from 'node:assert/strict';
import { reportCampaigns } from '../../../src/compose/metrics/campaign-metrics.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/kernel/duration.js';
import { createMetrics } from '../../../src/observe/metrics.js';
import { pendingOf } from '../../../src/operations/campaigns/pending.js';
import { currentCampaign } from '../../../src/operations/campaigns/tickets.js';
import {
  beginFault,
  noteCardsGone,
  noteUpdates,
  sendToDesk,
  termsOf,
} from '../../../src/operations/campaigns/update-hooks.js';
import { reportCapabilities } from '../../../src/operations/cards/report-capabilities.js';
import type { Store, Transaction } from '../../../src/ports/store.js';
import {
  cardNumber,
  cardsOf,
  certificatesOf,
  change,
  countedCards,
  countsOf,
  documentOf,
  insertCards,
  openedCampaign,
} from '../../support/campaigns/stage.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { certify, NOW } from '../../support/db/records.js';
import { withRun } from '../../support/db/runs.js';
import { setStates } from '../../support/db/unaudited.js';
import { CENTRAL } from '../../support/orders/intake.js';
import { CAPABILITIES } from '../../support/updates/remote-card.js';
import { testPolicy } from '../../unit/policy/fixtures.js';

const CAPACITY = 600;
const POLICY = testPolicy();
const REFUSING = { ...POLICY, environment: { ...POLICY.environment, refusesOpposed: true } };
const REVOKED = { status: 'revoked', at: NOW, reason: 'superseded', invalidityDate: null } as const;

describeOnEach('a card of a campaign', ({ fresh, opened }) => {
  let now: number;
  let store: Store;
  let database: Awaited<ReturnType<typeof fresh>>;
  const openStore = () => opened({ database, clock: () => now, othersWrite: true });

  beforeEach(async () => {
    now = NOW;
    database = await fresh();
    store = await openStore();
    await withRun(store);
  });

  const classes = documentOf().classes.map((one) => ({ ...one, capacityPerHour: CAPACITY }));
  const open = (changes: Parameters<typeof documentOf>[0] = {}) =>
    openedCampaign(store, { document: documentOf({ classes, ...changes }) });
  const pending = async (number: number, of = store) =>
    unwrap(await pendingOf({ store: of, policy: REFUSING }, cardNumber(number)));
  const within = async <Value>(work: (tx: Transaction) => Promise<Value>): Promise<Value> =>
    unwrap(await store.transaction(work));
  const cause = () => ({ actor: 'account:cards', at: now });
  const begin = async (number: number, channel: 'secure-messaging' | 'none' = 'none') => {
    const rows = unwrap(await store.read((reads) => reads.openCampaignCards([cardNumber(number)])));
    const row = currentCampaign(rows);
    return { fault: await beginFault({ store }, { row, channel, now }), terms: termsOf(row) };
  };
  const FRESH = '00000000-0000-7000-8000-00000000f4e5';
  /** A confirmation comes with new certificates, whose ids are those of a card far away. */
  const note = (number: number, event: 'begin' | 'fail' | 'expire' | 'confirm') =>
    within(async (tx) => {
      const move = { cardTokenId: cardNumber(number), reader: { reader: 'R1', middleware: 'M 2.0' } };
      if (event !== 'confirm') return noteUpdates(tx, [{ ...move, event }], cause());
      const { cardTokenId } = move;
      for (const record of certificatesOf(number + 100, { cardTokenId, createdAt: now, updateId: FRESH }))
        await certify(tx, record);
      await noteUpdates(tx, [{ ...move, event, updateId: FRESH, ownMs: 40, othersMs: 9_000 }], cause());
    });
  const stateOf = async (campaignId: string, number: number) =>
    (await cardsOf(store, campaignId)).find(({ cardTokenId }) => cardTokenId === cardNumber(number))?.state;

  it('has nothing to do without a campaign, before it is opened, and after it', async () => {
    await insertCards(store, [1]);
    assert.equal((await pending(1)).next, 'none');
    const { id } = await open();
    await change(store, id, { state: 'ready' }).catch(() => undefined);
    await change(store, id, { state: 'ended' });
    assert.deepEqual([(await pending(1)).next, (await pending(1)).ticket], ['none', null]);
    const unknown = await pendingOf({ store, policy: REFUSING }, cardNumber(9));
    assert.equal(unknown.ok ? null : unknown.error.kind, 'not-found');
  });

  it('gets one place, and the same one with each question', async () => {
    await insertCards(store, [1, 2]);
    const { id } = await open();
    const first = await pending(1);
    assert.deepEqual([first.next, first.ticket?.from, first.campaign?.id], ['begin', NOW, id]);
    const second = await pending(2);
    assert.deepEqual([second.next, second.ticket?.from], ['wait', NOW + 6_000]);
    assert.deepEqual(await pending(1), first);
    now += 6_000;
    assert.equal((await pending(2)).next, 'begin');
    now += 3 * HOUR_MS;
    assert.equal((await pending(2)).ticket?.from, Math.floor(now / MINUTE_MS) * MINUTE_MS);
    assert.deepEqual(await countsOf(store, id), { 'all ticket': 2 });
  });

  it('gets no place before its class opens, and none while the campaign is paused', async () => {
    await insertCards(store, [1, 2]);
    const opensAt = NOW + 5 * HOUR_MS;
    const { id } = await open({ classes: classes.map((one) => ({ ...one, opensAt })) });
    const { next, ticket } = await pending(1);
    assert.deepEqual([next, ticket?.from], ['wait', opensAt]);
    await change(store, id, { state: 'paused' });
    assert.deepEqual([(await pending(2)).next, (await pending(2)).ticket], ['wait', null]);
    const { fault } = await begin(2);
    assert.equal(fault?.kind === 'state-conflict' && fault.rule, 'campaign-paused');
  });

  it('has a place of its own among 64 that ask at once at two nodes', async () => {
    const numbers = Array.from({ length: 64 }, (_, at) => at + 1);
    await insertCards(store, numbers);
    const { id } = await open();
    const other = await openStore();
    const answers = await Promise.all(
      numbers.flatMap((number) =>
        [store, other, store].map(async (of) => [number, await pending(number, of)] as const),
      ),
    );
    const places = new Map<number, Set<number>>();
    for (const [number, { ticket }] of answers)
      places.set(number, (places.get(number) ?? new Set()).add(ticket?.from ?? 0));
    assert.ok([...places.values()].every(({ size }) => size === 1));
    const froms = [...places.values()].flatMap((some) => [...some]).sort((one, two) => one - two);
    assert.deepEqual(
      froms,
      numbers.map((_, at) => NOW + at * 6_000),
    );
    const [taken] = [
      unwrap(
        await store.read((reads) =>
          reads.takenPlaces({ campaignId: id, class: 'all', from: 0, until: Number.MAX_SAFE_INTEGER }),
        ),
      ),
    ];
    assert.equal(taken, 64);
    assert.deepEqual(await countsOf(store, id), await countedCards(store, id));
  });

  it('that begins before its place is refused with it, and admitted from then on', async () => {
    await insertCards(store, [1, 2]);
    const { id } = await open();
    const terms = { campaignId: id, fromSuspended: false, supersede: null };
    assert.deepEqual(await begin(1), { fault: null, terms });
    const { fault } = await begin(2);
    assert.ok(fault?.kind === 'quota-exceeded');
    const { retryAfterMs, ticket } = fault;
    assert.deepEqual([retryAfterMs, ticket], [6_000, { from: NOW + 6_000, until: NOW + 6_000 + 2 * HOUR_MS }]);
    now += 6_000;
    assert.equal((await begin(2)).fault, null);
  });

  /** Revokes the certificates of a card: the authentication certificate is the first one. */
  const revoke = (number: number, count: number) =>
    within((tx) =>
      setStates(
        tx,
        certificatesOf(number)
          .slice(0, count)
          .map(({ id }) => ({ id, state: REVOKED })),
        { at: NOW, actor: 'account:officer-1' },
      ),
    );

  it('has nothing to do and takes no place while its holder is barred, or when its certificates have ended', async () => {
    await insertCards(store, [1, 2, 3]);
    const { id } = await open();
    const holder = certificatesOf(1)[0]?.holderId ?? '';
    const bar = (state: 'barred' | 'free') =>
      within((tx) => tx.setHolderState(holder, { state, at: NOW, actor: 'account:officer-1' }));
    await bar('barred');
    await revoke(2, 2);
    for (const number of [1, 2]) {
      const { next, ticket } = await pending(number);
      assert.deepEqual([next, ticket], ['none', null], String(number));
    }
    // The first place is still there.
    assert.equal((await pending(3)).ticket?.from, NOW);
    assert.deepEqual(await countsOf(store, id), { 'all ticket': 1, 'all waiting': 2 });
    await bar('free');
    assert.equal((await pending(1)).ticket?.from, NOW + 6_000);
    now += 1_001 * DAY_MS;
    assert.equal((await pending(3)).next, 'none');
  });

  it('goes to a desk without a place when no key is left that could sign for another one', async () => {
    await insertCards(store, [1]);
    const { id } = await open();
    await revoke(1, 1);
    const { next, deskReason, ticket } = await pending(1);
    assert.deepEqual([next, deskReason, ticket], ['desk', 'no-live-authentication-key', null]);
    assert.deepEqual(await countsOf(store, id), { 'all to-desk no-live-authentication-key': 1 });
    assert.equal((await pending(1)).deskReason, 'no-live-authentication-key');
  });

  it('states secure messaging where its campaign demands it', async () => {
    await insertCards(store, [1]);
    await open({ channel: 'secure-messaging', supersede: 'let-end' });
    const { fault } = await begin(1);
    assert.equal(fault?.kind === 'policy-violated' && fault.violations[0]?.rule, 'campaign-channel');
    const admitted = await begin(1, 'secure-messaging');
    assert.deepEqual([admitted.fault, admitted.terms.supersede], [null, 'let-end']);
  });

  it('is counted by reader and middleware, and its update by whose time it took', async () => {
    await insertCards(store, [1]);
    const { id } = await open();
    await pending(1);
    for (const event of ['begin', 'expire', 'confirm'] as const) await note(1, event);
    assert.deepEqual(await countsOf(store, id), { 'all confirmed': 1 });
    const counts = unwrap(await store.read((reads) => reads.campaignCounts(id)));
    const byReader = counts.filter(({ reader }) => reader === 'R1');
    assert.deepEqual(byReader.map(({ state, count, ownMs, othersMs }) => [state, count, ownMs, othersMs]).sort(), [
      ['begun', 1, 0, 0],
      ['confirmed', 1, 40, 9_000],
      ['undetermined', 1, 0, 0],
    ]);
    assert.equal((await pending(1)).next, 'none');
  });

  it('that fails goes back behind the others, and to a desk when it has failed too often', async () => {
    await insertCards(store, [1]);
    const { id } = await open();
    for (const attempt of [1, 2, 3]) {
      assert.equal((await pending(1)).ticket !== null, true, String(attempt));
      await note(1, 'begin');
      await note(1, 'fail');
    }
    assert.deepEqual(await countsOf(store, id), { 'all to-desk failed-too-often': 1 });
    const { next, deskReason } = await pending(1);
    assert.deepEqual([next, deskReason], ['desk', 'failed-too-often']);
    // A desk uses the same calls, without a place, and ends it by a confirmation.
    assert.equal((await begin(1)).fault, null);
    await note(1, 'confirm');
    assert.equal(await stateOf(id, 1), 'confirmed');
  });

  it('goes to a desk when a client reports that it cannot be updated, unless it has begun', async () => {
    await insertCards(store, [1, 2, 3]);
    const { id } = await open();
    await pending(2);
    await note(3, 'begin');
    const report = async (number: number, changes: object) =>
      unwrap(
        await reportCapabilities({ store, clock: () => now, policy: POLICY }, cardNumber(number), {
          account: CENTRAL,
          capabilities: { ...CAPABILITIES, ...changes },
        }),
      );
    for (const number of [1, 2, 3]) await report(number, {});
    assert.deepEqual(await countsOf(store, id), { 'all begun': 1, 'all ticket': 1, 'all waiting': 1 });
    await report(1, { keyTypes: ['ed25519'] });
    for (const number of [2, 3]) await report(number, { spareContainers: 0 });
    assert.deepEqual(await countsOf(store, id), {
      'all begun': 1,
      'all to-desk key-type-not-made': 1,
      'all to-desk no-spare-container': 1,
    });
    assert.deepEqual(await countedCards(store, id), await countsOf(store, id));
    const metrics = createMetrics();
    await reportCampaigns(store, metrics);
    const valuesOf = async (gauge: 'campaignCards' | 'campaignDesk'): Promise<Readonly<Record<string, number>>> => {
      const { values } = await metrics[gauge].get();
      return Object.fromEntries(values.map(({ labels, value }) => [Object.values(labels).join(' '), value]));
    };
    assert.deepEqual(await valuesOf('campaignCards'), {
      [`${id} all begun`]: 1,
      [`${id} all ticket`]: 0,
      [`${id} all to-desk`]: 2,
      [`${id} all waiting`]: 0,
    });
    assert.deepEqual(await valuesOf('campaignDesk'), { 'key-type-not-made': 1, 'no-spare-container': 1 });
    assert.equal((await pending(2)).deskReason, 'no-spare-container');
  });

  it('is sent to a desk with its reason, and is gone when it is opposed', async () => {
    await insertCards(store, [1, 2]);
    const { id } = await open();
    const why = { reason: 'no-spare-container', reader: { reader: 'R1', middleware: 'M 2.0' } } as const;
    // A second begin of the same card is not counted again.
    for (let count = 0; count < 2; count += 1)
      await within((tx) => sendToDesk(tx, { cardTokenId: cardNumber(1), ...why }, cause()));
    await within((tx) => noteCardsGone(tx, [cardNumber(2)], cause()));
    assert.deepEqual(await countsOf(store, id), { 'all gone': 1, 'all to-desk no-spare-container': 1 });
    const counts = unwrap(await store.read((reads) => reads.campaignCounts(id)));
    assert.deepEqual(
      counts
        .filter(({ reader }) => reader === 'R1')
        .map(({ reason, middleware, count }) => [reason, middleware, count]),
      [['no-spare-container', 'M 2.0', 1]],
    );
    const events = unwrap(await store.read((reads) => reads.eventsAfter({ after: 0, limit: 10 })));
    assert.deepEqual(
      events.map(({ topic }) => topic).filter((topic) => topic.startsWith('card.')),
      ['card.to-desk'],
    );
  });
});
