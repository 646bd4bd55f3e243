import assert from 'node:assert/strict';
import type { RunningService } from '../service/describe-service.js';
import { cardBody, nextNumber, tokenId } from '../service/orders.js';
import { until } from '../until.js';

type ShownCampaign = { readonly id: string; readonly state: string };
type RequestAnswer = { readonly approval: { readonly id: string; readonly object: { readonly cards: number } } };

const DAY_MS = 86_400_000;

/** Calls each route of campaigns once, with success, about a card of its own. */
export async function callCampaignRoutes({ cards, officer, shared }: RunningService): Promise<void> {
  const number = nextNumber();
  const card = tokenId(number);
  const cardPath = `/v1/cards/${encodeURIComponent(card)}`;
  await cards.expect('POST', `${cardPath}/certificates`, { body: cardBody(number) });
  const request = {
    name: `routes ${number}`,
    reason: 'superseded',
    selection: { list: true },
    classes: [{ name: 'listed', select: { list: true }, capacityPerHour: 60 }],
    fromSuspended: false,
    channel: 'any',
  };
  const { id } = await officer.expect<ShownCampaign>('POST', '/v1/campaigns', { body: request });
  const path = `/v1/campaigns/${id}`;
  const lines = (...all: readonly object[]) => ({
    raw: all.map((line) => `${JSON.stringify(line)}\n`).join(''),
    type: 'application/x-ndjson',
  });
  await officer.expect('POST', `${path}/lists/listed`, lines({ card }));
  const state = async () => (await officer.expect<ShownCampaign>('GET', path)).state;
  await until('the population is written', async () => (await state()) === 'ready');
  const { campaigns } = await officer.expect<{ readonly campaigns: readonly ShownCampaign[] }>('GET', '/v1/campaigns');
  assert.ok(campaigns.some((one) => one.id === id));
  /** One officer requests it, and another approves. */
  const decide = async (what: string, body: object = {}): Promise<void> => {
    const { approval } = await officer.expect<RequestAnswer>('POST', `${path}/${what}`, { body });
    assert.equal(approval.object.cards, 1, what);
    const approve = { body: { decision: 'approve' } };
    await shared.as('officer-2').expect('POST', `/v1/approvals/${approval.id}`, approve);
  };
  await decide('opening');
  await decide('dates', { suspendsAt: new Date(Date.now() + DAY_MS).toISOString() });
  await decide('arming', { date: 'suspension' });
  await officer.expect('POST', `${path}/pause`, { body: {} });
  await officer.expect('POST', `${path}/resumption`, { body: {} });
  await cards.expect('GET', `${cardPath}/pending`);
  await officer.expect('GET', `${path}/counts`);
  await officer.expect('POST', `${path}/notices`, lines({ card, stage: 'letter-1', at: '2026-03-01T08:00:00Z' }));
  await officer.expect('POST', `${path}/cards/${encodeURIComponent(card)}/desk`, { body: {} });
  const [shown] = await officer.expect<readonly { readonly state: string }[]>('GET', `${path}/cards`);
  assert.equal(shown?.state, 'to-desk');
  await decide('release');
  await decide('end');
  assert.equal(await state(), 'ended');
}
