/**
 * A campaign from its creation to its end, with a service: cards whose keys are suspended update
 * and do nothing else, and what is left is released or revoked. Without this test, a date could
 * shut out the people whom the campaign is for.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actSoon, askTwo } from '../../support/campaigns/date-soon.js';
import { type Answer, assertProblem, type Client, type IssuedCertificate } from '../../support/service/client.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { describeService } from '../../support/service/describe-service.js';
import { runPfcng } from '../../support/service/service.js';
import { until } from '../../support/until.js';
import {
  begin,
  beginOf,
  issueCard,
  pathOf,
  platformOf,
  type RemoteCard,
  type Speaker,
  tell,
  word,
} from '../../support/updates/remote-card.js';

type Campaign = {
  readonly id: string;
  readonly state: string;
  readonly action: unknown;
};
type PendingAnswer = {
  readonly next: string;
  readonly update: string | null;
  readonly campaign: { readonly id: string } | null;
  readonly ticket: { readonly from: string } | null;
  readonly deskReason: string | null;
};

const CAPACITY = 600_000;

describeService('a campaign over a suspended population (Estonia 2017)', { on: 'each' }, (running) => {
  let platform: string;
  let first: Client;
  let second: Client;
  before(async () => {
    platform = await platformOf(running.cards);
    first = running.officer;
    second = running.shared.as('officer-2');
  });

  const read = (id: string): Promise<Campaign> => first.expect<Campaign>('GET', `/v1/campaigns/${id}`);
  const inState = (id: string, state: string): Promise<void> =>
    until(`campaign in state ${state}`, async () => (await read(id)).state === state);
  /** Two officers decide. */
  async function decide(id: string, path: string, body: object = {}): Promise<void> {
    const { status, body: answer } = await askTwo({ first, second }, `${id}/${path}`, body);
    assert.equal(status, 200, JSON.stringify(answer));
  }
  /** A campaign over the listed cards, which is open. */
  async function opened(cards: readonly RemoteCard[], changes: object = {}): Promise<string> {
    const body = {
      name: `suspended ${cards[0]?.tokenId}`,
      reason: 'superseded',
      selection: { list: true },
      classes: [{ name: 'all', select: { list: true }, capacityPerHour: CAPACITY }],
      fromSuspended: true,
      channel: 'any',
      ...changes,
    };
    const { id } = await first.expect<Campaign>('POST', '/v1/campaigns', { body });
    const raw = cards.map(({ tokenId: card }) => JSON.stringify({ card })).join('\n');
    await first.expect('POST', `/v1/campaigns/${id}/lists/all`, { raw, type: 'application/x-ndjson' });
    await inState(id, 'ready');
    await decide(id, 'opening');
    return id;
  }
  const act = (id: string, date: 'suspension' | 'revocation'): Promise<void> => actSoon({ first, second }, id, date);
  const pending = ({ tokenId: card }: RemoteCard): Promise<PendingAnswer> =>
    running.cards.expect<PendingAnswer>('GET', `/v1/cards/${encodeURIComponent(card)}/pending`);
  const statuses = async ({ set }: RemoteCard): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const { certificate } of set)
      found.push((await first.expect<IssuedCertificate>('GET', `/v1/certificates/${certificate.id}`)).status);
    return found;
  };
  const speaker = (card: RemoteCard): Speaker => ({ platform, card });
  /** Asks for a renewal of the authentication certificate. */
  const renew = ({ set: [one] }: RemoteCard): Promise<Answer> =>
    running.cards.call('POST', `/v1/certificates/${one?.certificate.id}/renewal`, {
      body: { csr: makeCsr(makeKey()), keyOrigin: 'card' },
    });
  /** The keys of one card say of another one that it holds nothing of its update. */
  const abandon = (card: RemoteCard, update: string, by: RemoteCard): Promise<Answer> => {
    const proof = word(speaker(card), { verb: 'abandon', update, onCard: [] }, by.set);
    return running.cards.call('POST', pathOf(card, update, 'abandonment'), { body: { proof } });
  };

  it('updates from suspended keys, which do nothing else; the rest is released', async () => {
    const [updated, waiting, opposed] = [
      await issueCard(running.cards),
      await issueCard(running.cards),
      await issueCard(running.cards, 900),
    ];
    const id = await opened([updated, waiting, opposed]);
    await act(id, 'suspension');
    for (const card of [updated, waiting]) assert.deepEqual(await statuses(card), ['suspended', 'suspended']);
    await until('the place of a card', async () => (await pending(updated)).next === 'begin');
    const one = await begin(running.cards, speaker(updated));
    assert.equal((await pending(updated)).next, 'confirm');
    const foreign = { status: 422, code: 'proof-rejected', rule: 'certificate-of-this-card' } as const;
    assertProblem(await abandon(updated, one.update.id, waiting), foreign);
    assert.equal((await tell(one, 'confirm')).status, 200);
    assert.equal((await pending(updated)).next, 'none');
    const { updates, campaign } = await running.cards.expect<{
      readonly updates: readonly { readonly id: string; readonly state: string; readonly campaign: string | null }[];
      readonly campaign: object | null;
    }>('GET', `/v1/cards/${encodeURIComponent(updated.tokenId)}`);
    assert.deepEqual(
      updates.map((update) => [update.id, update.state, update.campaign]),
      [[one.update.id, 'confirmed', id]],
    );
    assert.equal(campaign, null, 'the campaign is done with it');
    assertProblem(await renew(waiting), { status: 409, code: 'state-conflict' });
    const late = await abandon(updated, one.update.id, updated);
    assert.equal(assertProblem(late, { status: 409, code: 'state-conflict' }).rule, 'update-ended');
    const counts = await first.expect<{ readonly cards: readonly object[]; readonly readers: readonly object[] }>(
      'GET',
      `/v1/campaigns/${id}/counts`,
    );
    assert.deepEqual(counts.cards, [
      { class: 'all', state: 'confirmed', reason: null, count: 1 },
      { class: 'all', state: 'waiting', reason: null, count: 2 },
    ]);
    assert.equal(counts.readers.length, 2);
    await decide(id, 'release');
    await until('the release of a campaign', async () => (await read(id)).action === null);
    assert.deepEqual(await statuses(waiting), ['issued', 'issued']);
    // Its update is confirmed, and the overlap of its old set goes on.
    assert.deepEqual(await statuses(updated), ['issued', 'issued']);
    await decide(id, 'end');
  });

  it('is revoked with the reason of the campaign, and updates no more', async () => {
    const card = await issueCard(running.cards);
    const id = await opened([card], { fromSuspended: false });
    await act(id, 'suspension');
    const refused = await running.cards.call('POST', pathOf(card), { body: beginOf(speaker(card)).body });
    assertProblem(refused, { status: 422, code: 'proof-rejected', rule: 'certificate-not-revoked' });
    await act(id, 'revocation');
    assert.deepEqual(await statuses(card), ['revoked', 'revoked']);
    await decide(id, 'end');
  });

  it('is shown, paused and dated by commands', async () => {
    const card = await issueCard(running.cards);
    const id = await opened([card]);
    for (const [words, says] of [
      [['list'], id],
      [['show', id], 'open since'],
      [['counts', id], 'waiting'],
      [['cards', id, '--state', 'waiting'], card.tokenId],
      [['pause', id], 'paused since'],
      [['resume', id], 'open since'],
      [['dates', id, '--suspends', '2099-01-01T00:00:00Z', '--revokes', 'never'], 'campaign.dates'],
      [['desk', id, card.tokenId], 'to-desk'],
      [['end', id], 'campaign.end'],
    ] as const) {
      const ended = await runPfcng(running.shared.service.at, 'campaign', ...words);
      assert.equal(ended.status, 0, ended.stderr);
      assert.ok(ended.stdout.includes(says), `${words[0]}: ${ended.stdout}`);
    }
    const shown = await runPfcng(running.shared.service.at, 'card', 'show', card.tokenId);
    assert.ok(shown.stdout.includes(`campaign ${id}: to-desk, officer`), shown.stdout);
  });

  it('has notices by a command, which fails if one of them was not recorded', async () => {
    const card = await issueCard(running.cards);
    const id = await opened([card]);
    const { at } = running.shared.service;
    const file = join(at.folder, 'notices.ndjson');
    const send = (...lines: readonly string[]) => {
      writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
      return runPfcng(at, 'campaign', 'notices', id, file);
    };
    const notice = { card: card.tokenId, stage: 'letter-1', at: '2026-03-01T08:00:00Z' };
    const told = await send(JSON.stringify(notice), JSON.stringify(notice));
    assert.deepEqual([told.status, told.stderr], [0, '']);
    assert.match(told.stdout, /"recorded"[\s\S]*"repeated"/);
    const others = await send(JSON.stringify({ ...notice, card: '8025000001/9999999999' }), '{"card"');
    assert.match(others.stdout, /"unknown-card"[\s\S]*"invalid"/);
    assert.equal(others.status, 1, others.stdout);
    assert.match(others.stderr, /2 lines were not recorded/);
    await decide(id, 'end');
  });

  it('comes in its place: an early begin is refused with the ticket, and the desk meets the same refusals', async () => {
    const cards = [await issueCard(running.cards), await issueCard(running.cards, 900)] as const;
    const between = await issueCard(running.cards);
    const classes = [{ name: 'all', select: { list: true }, capacityPerHour: 60 }];
    const id = await opened([...cards, between], { classes, channel: 'secure-messaging' });
    const ask = (card: RemoteCard, changes: object = {}) =>
      running.cards.call('POST', pathOf(card), {
        body: beginOf(speaker(card), { channel: 'secure-messaging', ...changes }).body,
      });
    const plain = await ask(cards[0], { channel: 'none' });
    assertProblem(plain, { status: 422, code: 'policy-violated', rule: 'campaign-channel' });
    assert.equal((await pending(cards[0])).next, 'begin');
    // Its place is in the next minute, which may begin now.
    await pending(between);
    const early = await ask(cards[1]);
    const problem = assertProblem(early, { status: 429, code: 'quota-exceeded' }) as {
      readonly ticket?: { readonly from: string };
    };
    assert.equal(problem.ticket?.from, (await pending(cards[1])).ticket?.from);
    assert.ok(Number(early.headers['retry-after']) > 0);
    await first.expect('POST', `/v1/campaigns/${id}/cards/${encodeURIComponent(cards[1].tokenId)}/desk`, { body: {} });
    assert.deepEqual([(await pending(cards[1])).next, (await pending(cards[1])).deskReason], ['desk', 'officer']);
    const capabilities = { generation: 'cps4', applet: '4.1.0', keyTypes: ['p-256'], spareContainers: 0 };
    for (const card of [cards[1], between])
      assertProblem(await ask(card, { capabilities }), { status: 409, code: 'card-to-desk' });
    const { readers } = await first.expect<{ readonly readers: readonly object[] }>(
      'GET',
      `/v1/campaigns/${id}/counts`,
    );
    assert.deepEqual(readers, [
      {
        class: 'all',
        state: 'to-desk',
        reason: 'no-spare-container',
        reader: 'Reader 5',
        middleware: 'CryptoLib 5.1',
        count: 1,
        ownMs: null,
        othersMs: null,
      },
    ]);
    // Outside of its window, and without a place: at a desk it is updated at once.
    assert.equal((await ask(cards[1])).status, 201);
    await first.expect('POST', `/v1/campaigns/${id}/pause`, { body: {} });
    assertProblem(await ask(cards[0]), { status: 409, code: 'state-conflict' });
    await decide(id, 'end');
  });
});
