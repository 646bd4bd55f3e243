/**
 * Campaigns over the API: what is refused, what is uploaded, and what a client may keep. Without
 * these rules, a mistyped campaign would be prepared, or a holder be told twice.
 */
import assert from 'node:assert/strict';
import { formatInstant, formatInstantMs } from '../../../src/kernel/clock.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import type { World } from '../../../src/operations/world.js';
import type { CampaignClass } from '../../../src/ports/store/cards/campaigns.js';
import type { Store } from '../../../src/ports/store.js';
import { cardNumber, documentOf, insertCards, openedCampaign, populate } from '../../support/campaigns/stage.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { NOW } from '../../support/db/records.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import {
  CARDS,
  CENTRAL,
  type Intake,
  NDJSON,
  OFFICER,
  openIntake,
  SECOND_OFFICER,
} from '../../support/orders/intake.js';
import { testPolicy } from '../../unit/policy/fixtures.js';

const CLASS = { name: 'all', capacityPerHour: 600 };
const [ALL] = documentOf().classes as readonly [CampaignClass];
const DECIDED = [
  'campaign.opened',
  'campaign.dates-set',
  'campaign.armed',
  'campaign.release-decided',
  'campaign.ended',
];
const REQUEST = {
  name: 'weak keys',
  reason: 'superseded',
  selection: { products: ['cps'] },
  classes: [CLASS],
  fromSuspended: true,
  channel: 'any',
};

type Page = { readonly campaigns: readonly { readonly id: string }[]; readonly nextCursor: string | null };

describeOnEach('a campaign over the API', ({ opened }) => {
  let store: Store;
  let intake: Intake;

  beforeEach(async () => {
    store = await opened();
    const issuers = { all: () => [] } as unknown as World['issuers'];
    intake = await openIntake(store, { issuers });
  });
  afterEach(() => intake.close());

  const post = (path: string, body: unknown, as = OFFICER) =>
    intake.send(`/v1/campaigns${path}`, { as, body: JSON.stringify(body) });
  const create = (key: string, body: unknown) =>
    intake.send('/v1/campaigns', {
      as: OFFICER,
      body: JSON.stringify(body),
      headers: { 'idempotency-key': key },
    });
  const get = (path: string, as = OFFICER) => intake.send(path, { as, method: 'GET' });
  const upload = async (path: string, lines: readonly unknown[]): Promise<readonly Record<string, unknown>[]> => {
    const answer = await fetch(`${intake.url}/v1/campaigns${path}`, {
      method: 'POST',
      headers: { 'content-type': NDJSON, 'x-account': OFFICER.id },
      body: lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
    });
    return (await answer.text())
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  const audited = async () =>
    (await storedAudit(store)).flatMap(({ type }) => (type.startsWith('campaign.') ? [type] : []));

  it('is created once, by officers only', async () => {
    assert.equal((await post('', REQUEST, CARDS)).status, 403);
    const first = await post('', REQUEST);
    assert.deepEqual([first.status, first.body.state], [201, 'preparing']);
    assert.equal((await post('', REQUEST)).body.id, first.body.id);
    const other = await post('', { ...REQUEST, reason: 'keyCompromise' });
    assert.deepEqual([other.status, other.body.rule], [409, 'campaign-name-free']);
    assert.deepEqual(await audited(), ['campaign.created']);
    const shown = await get(`/v1/campaigns/${first.body.id}`, CARDS);
    const { request } = shown.body as unknown as { readonly request: typeof REQUEST };
    assert.deepEqual(request, { ...REQUEST, classes: [{ ...CLASS, select: {} }] });
  });

  it('is created once for an Idempotency-Key, also when the first one has ended', async () => {
    const { id } = (await create('one', REQUEST)).body;
    unwrap(await store.transaction((tx) => tx.changeCampaign(id, 1, { state: 'ended' })));
    assert.equal((await create('one', REQUEST)).body.id, id);
    const other = await create('one', { ...REQUEST, name: 'other keys' });
    assert.deepEqual([other.status, other.body.code], [422, 'idempotency-mismatch']);
    assert.notEqual((await create('two', REQUEST)).body.id, id);
    const refused = await create('three', { ...REQUEST, reason: 'keyCompromise' });
    assert.equal(refused.body.rule, 'campaign-name-free');
    assert.equal((await create('three', { ...REQUEST, name: 'third keys' })).status, 201);
    assert.deepEqual(await audited(), ['campaign.created', 'campaign.created', 'campaign.created']);
  });

  it('is in a list with pages, newest first, and by its state', async () => {
    const ids: string[] = [];
    for (const name of ['first', 'second', 'third']) ids.push((await post('', { ...REQUEST, name })).body.id);
    // They were created in one millisecond, in which their ids have no order.
    const [newest = '', middle = '', oldest = ''] = ids.sort().reverse();
    unwrap(await store.transaction((tx) => tx.changeCampaign(middle, 1, { state: 'ready' })));
    const page = async (query: string) => {
      const { campaigns, nextCursor } = (await get(`/v1/campaigns?${query}`)).body as unknown as Page;
      return [campaigns.map(({ id }) => id), nextCursor];
    };
    assert.deepEqual(await page(''), [ids, null]);
    assert.deepEqual(await page('limit=2'), [[newest, middle], middle]);
    assert.deepEqual(await page(`limit=2&cursor=${middle}`), [[oldest], null]);
    assert.deepEqual(await page('state=ready'), [[middle], null]);
    for (const query of ['state=unknown', 'limit=0', 'cursor=x'])
      assert.equal((await get(`/v1/campaigns?${query}`)).status, 400, query);
  });

  for (const [what, changes, rule] of [
    ['a selection of nothing', { selection: {} }, 'object'],
    ['a profile that is not there', { selection: { profiles: ['fort/none'] } }, 'profile-known'],
    ['two classes of one name', { classes: [CLASS, CLASS] }, 'class-name-differs'],
    ['a class that is no list in a campaign of lists', { selection: { list: true } }, 'class-is-list'],
    [
      'an empty window',
      { selection: { keyMadeFrom: '2026-02-02T00:00:00Z', keyMadeUntil: '2026-02-01T00:00:00Z' } },
      'window-not-empty',
    ],
    ['a reason that is a suspension', { reason: 'certificateHold' }, 'one-of'],
  ] as const)
    it(`is refused with ${what}`, async () => {
      const { status, body } = await post('', { ...REQUEST, ...changes });
      assert.ok(status === 400 || status === 422, String(status));
      if (status === 422)
        assert.deepEqual(
          body.violations?.map((one) => one.rule),
          [rule],
        );
    });

  it('is opened to cards whose lists are complete', async () => {
    await insertCards(store, [1, 2]);
    const classes = [{ ...CLASS, select: { list: true } }];
    const { body } = await post('', { ...REQUEST, selection: { list: true }, classes });
    assert.equal(body.state, 'draft');
    const path = `/${body.id}/lists`;
    const [invalid] = await upload(`${path}/all`, [{ card: cardNumber(1) }, { cards: 1 }]);
    assert.deepEqual([invalid?.status, invalid?.code], [400, 'invalid-request']);
    const [unknown] = await upload(`${path}/other`, [{ card: cardNumber(1) }]);
    assert.equal(unknown?.status, 404);
    const lines = [{ card: cardNumber(1) }, { card: cardNumber(9) }, { card: cardNumber(1) }];
    // The valid line of the upload that broke off is stored.
    assert.deepEqual(await upload(`${path}/all`, lines), [{ class: 'all', cards: 3, repeated: 2 }]);
    const [late] = await upload(`${path}/all`, lines);
    assert.deepEqual([late?.status, late?.rule], [409, 'campaign-takes-lists']);
    await populate(store, body.id);
    const cards = await fetch(`${intake.url}/v1/campaigns/${body.id}/cards?state=waiting`, {
      headers: { 'x-account': OFFICER.id },
    });
    assert.deepEqual(JSON.parse(await cards.text()), {
      card: cardNumber(1),
      class: 'all',
      state: 'waiting',
      reason: null,
      attempts: 0,
      ticketFrom: null,
    });
    assert.deepEqual(await audited(), ['campaign.created', 'campaign.list-stored', 'campaign.ready']);
  });

  it('records once that a holder was told', async () => {
    await insertCards(store, [1]);
    const { id } = await openedCampaign(store);
    const notice = { card: cardNumber(1), stage: 'letter-1', at: '2026-03-01T08:00:00Z' };
    const answers = await upload(`/${id}/notices`, [notice, notice, { ...notice, card: cardNumber(2) }, '{"card"']);
    assert.deepEqual(
      answers.map(({ result, position }) => [result, position ?? null]),
      [
        ['recorded', null],
        ['repeated', null],
        ['unknown-card', null],
        ['invalid', 4],
      ],
    );
    const [again] = await upload(`/${id}/notices`, [notice]);
    assert.equal(again?.result, 'repeated');
    assert.deepEqual((await audited()).slice(-2), ['campaign.notices-recorded', 'campaign.notices-recorded']);
  });

  it('shows an account its own cards, and records notices about no others', async () => {
    await insertCards(store, [1]);
    const { id } = await openedCampaign(store);
    for (const [{ id: account }, shown, result] of [
      [CARDS, 0, 'unknown-card'],
      [CENTRAL, 1, 'recorded'],
    ] as const) {
      const headers = { 'content-type': NDJSON, 'x-account': account };
      const cards = await fetch(`${intake.url}/v1/campaigns/${id}/cards`, { headers });
      assert.equal((await cards.text()).split('\n').filter((line) => line !== '').length, shown, account);
      const body = JSON.stringify({ card: cardNumber(1), stage: 'letter-1', at: '2026-03-01T08:00:00Z' });
      const path = `${intake.url}/v1/campaigns/${id}/notices`;
      const answer = await fetch(path, { method: 'POST', headers, body });
      assert.equal(((await answer.json()) as { readonly result: string }).result, result, account);
    }
  });

  it('takes no name with a character that a database refuses', async () => {
    const nul = '8025000001/\u0000';
    const classes = [{ ...CLASS, select: { list: true } }];
    const { body } = await post('', { ...REQUEST, selection: { list: true }, classes });
    const [listed] = await upload(`/${body.id}/lists/all`, [{ card: nul }]);
    assert.equal(listed?.status, 400, JSON.stringify(listed));
    await insertCards(store, [1]);
    const { id } = await openedCampaign(store);
    const [told] = await upload(`/${id}/notices`, [{ card: nul, stage: 'letter-1', at: '2026-03-01T08:00:00Z' }]);
    assert.equal(told?.result, 'invalid', JSON.stringify(told));
    for (const selection of [{ products: ['\0'] }, { generations: ['\0'] }, { keyTypes: ['\0'] }])
      assert.equal((await post('', { ...REQUEST, name: 'other', selection })).body.code, 'invalid-request');
  });

  it('is opened, dated, armed, released and ended by two officers, and by nobody alone', async () => {
    await insertCards(store, [1]);
    const { id } = await openedCampaign(store, {}, 'ready');
    const at = (days: number) => formatInstant(NOW + days * DAY_MS);
    const exactly = (days: number) => formatInstantMs(NOW + days * DAY_MS);
    for (const [path, body, state] of [
      ['opening', {}, 'open'],
      ['dates', { suspendsAt: at(3), revokesAt: at(9) }, 'open'],
      ['arming', { date: 'suspension' }, 'open'],
      ['release', {}, 'open'],
      ['end', {}, 'ended'],
    ] as const) {
      const before = await get(`/v1/campaigns/${id}`);
      const asked = await post(`/${id}/${path}`, body);
      assert.equal(asked.status, 202, path);
      const { approval } = asked.body as unknown as {
        readonly approval: { readonly id: string; readonly object: Readonly<Record<string, unknown>> };
      };
      assert.equal(approval.object.cards, 1);
      if (path === 'arming') assert.deepEqual(approval.object.suspension, { at: exactly(3), armedAt: null });
      assert.deepEqual((await get(`/v1/campaigns/${id}`)).body, before.body, path);
      const decide = (as: typeof OFFICER) =>
        intake.send(`/v1/approvals/${approval.id}`, { as, body: JSON.stringify({ decision: 'approve' }) });
      assert.equal((await decide(OFFICER)).body.rule, 'approval-two-officers', path);
      const done = await decide(SECOND_OFFICER);
      assert.equal(done.body.state, 'executed', JSON.stringify(done.body));
      assert.equal((await get(`/v1/campaigns/${id}`)).body.state, state, path);
    }
    const { dates } = (await get(`/v1/campaigns/${id}`)).body as unknown as { readonly dates: unknown };
    assert.deepEqual(dates, {
      suspension: { at: at(3), armedAt: at(0), outcome: null },
      revocation: { at: at(9), armedAt: null, outcome: null },
    });
    assert.equal((await post(`/${id}/opening`, {})).body.rule, 'campaign-ended');
    assert.deepEqual(
      (await storedAudit(store)).flatMap(({ type, actor }) =>
        type.startsWith('campaign.') ? [`${type} by ${actor}`] : [],
      ),
      ['campaign.ready by system', ...DECIDED.map((event) => `${event} by account:second-officer`)],
    );
  });

  it('has both of its dates armed, though both wait for their second officer at once', async () => {
    const at = (days: number) => ({ at: NOW + days * DAY_MS, armedAt: null, outcome: null });
    const { id } = await openedCampaign(store, { dates: { suspension: at(2), revocation: at(3) } });
    const approvals: string[] = [];
    for (const date of ['suspension', 'revocation']) {
      const { body } = await post(`/${id}/arming`, { date });
      approvals.push((body as unknown as { readonly approval: { readonly id: string } }).approval.id);
    }
    for (const approval of approvals) {
      const decision = { as: SECOND_OFFICER, body: JSON.stringify({ decision: 'approve' }) };
      const { body } = await intake.send(`/v1/approvals/${approval}`, decision);
      assert.equal(body.state, 'executed', JSON.stringify(body));
    }
  });

  it('is not opened if its classes want more than the profiles can have', async () => {
    const { id } = await openedCampaign(
      store,
      { document: documentOf({ classes: [{ ...ALL, capacityPerHour: 20_000_000 }] }) },
      'ready',
    );
    const refused = await post(`/${id}/opening`, {});
    assert.equal(refused.body.rule, 'capacity-bounded', JSON.stringify(refused.body));
  });

  it('is not opened if it wants more than other open campaigns leave of a profile', async () => {
    const capacityPerHour = 100_000;
    let number = 0;
    const campaign = (capacity: number) => {
      number += 1;
      const document = documentOf({ name: `number ${number}`, classes: [{ ...ALL, capacityPerHour: capacity }] });
      return { id: `019ca8d7-2d00-7000-8000-00000000000${number}`, document };
    };
    for (const state of ['open', 'paused', 'ended', 'ready'] as const)
      await openedCampaign(store, campaign(capacityPerHour), state);
    const { certificatesPerHourMax } = testPolicy().environment;
    const left = Math.floor(certificatesPerHourMax * 0.8) - 2 * capacityPerHour;
    assert.ok(left > 0);
    const open = async (capacity: number) => {
      const { id } = await openedCampaign(store, campaign(capacity), 'ready');
      return (await post(`/${id}/opening`, {})).body.rule ?? 'requested';
    };
    assert.equal(await open(left + 1), 'capacity-bounded');
    assert.equal(await open(left), 'requested');
  });

  it('is paused and resumed by one officer, and its cards are sent to a desk by one', async () => {
    await insertCards(store, [1]);
    const { id } = await openedCampaign(store);
    for (const [control, state] of [
      ['pause', 'paused'],
      ['pause', 'paused'],
      ['resumption', 'open'],
    ] as const)
      assert.equal((await post(`/${id}/${control}`, {})).body.state, state);
    const desk = `/${id}/cards/${encodeURIComponent(cardNumber(1))}/desk`;
    for (const _ of [1, 2]) assert.equal((await post(desk, {})).body.state, 'to-desk');
    assert.equal((await post(`/${id}/cards/unknown/desk`, {})).status, 404);
    const { body } = await get(`/v1/campaigns/${id}/counts`);
    const { cards, classes } = body as unknown as { readonly cards: unknown; readonly classes: readonly object[] };
    assert.deepEqual(cards, [{ class: 'all', state: 'to-desk', reason: 'officer', count: 1 }]);
    assert.equal(classes.length, 1);
    assert.deepEqual((await audited()).slice(1), ['campaign.paused', 'campaign.resumed', 'campaign.card-to-desk']);
  });

  it('tells cards what to do next, and how long that is good', async () => {
    await insertCards(store, [1, 2]);
    await openedCampaign(store);
    const pending = (number: number, as = CENTRAL) =>
      get(`/v1/cards/${encodeURIComponent(cardNumber(number))}/pending`, as);
    assert.deepEqual([(await pending(1, OFFICER)).status, (await pending(1, CARDS)).status], [403, 404]);
    const first = await pending(1);
    assert.deepEqual([first.status, first.headers.get('cache-control')], [200, 'private, max-age=0']);
    const second = await pending(2);
    assert.equal(second.headers.get('cache-control'), 'private, max-age=60');
    const { next } = second.body as unknown as { readonly next: string };
    assert.equal(next, 'wait');
  });
});
