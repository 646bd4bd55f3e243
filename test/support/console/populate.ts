/**
 * Fills a service with what pages of the console show, through its API: certificates of each
 * profile and in each state, cards with updates, orders, campaigns, approvals, accounts of each
 * role, and hostile texts wherever a text is stored.
 */
import { ROLES, type Role } from '../../../src/access/roles.js';
import { rawDatabase } from '../db/raw.js';
import type { Client, IssuedCertificate } from '../service/client.js';
import { makeCsr, makeKey } from '../service/csr.js';
import {
  type Body,
  bodyOf,
  cardBody,
  nextNumber,
  orderOf,
  PROFILES,
  professionalId,
  STRUCTURE,
  tokenId,
} from '../service/orders.js';
import { type NewAccount, SHARED_ENDPOINT, type SharedService } from '../service/shared.js';
import { until } from '../until.js';
import { begin, issueCard, pathOf, platformOf, tell } from '../updates/remote-card.js';
import { HOSTILE_NAME, HOSTILE_TEXTS } from './hostile-texts.js';

/** Ids of what is there, by what they show. */
export type ServiceContent = {
  readonly certificates: {
    readonly issued: IssuedCertificate;
    readonly suspended: IssuedCertificate;
    readonly revoked: IssuedCertificate;
    /** Its structure has a hostile name. */
    readonly hostile: IssuedCertificate;
  };
  readonly cards: {
    readonly inUse: string;
    readonly opposed: string;
    readonly replaced: string;
    readonly updated: string;
  };
  readonly holders: { readonly free: string; readonly barred: string };
  readonly structure: string;
  /** By state. */
  readonly updates: Readonly<Record<'offered' | 'confirmed' | 'abandoned' | 'undetermined', string>>;
  readonly orders: { readonly finished: string; readonly paused: string; readonly dryRun: string };
  readonly campaigns: Readonly<Record<'draft' | 'ready' | 'open' | 'paused', string>>;
  /** A delivery that was given up. */
  readonly delivery: { readonly endpoint: string; readonly event: string };
  readonly approvals: { readonly requested: string; readonly executed: string; readonly refused: string };
  readonly registrations: Readonly<Record<'open' | 'used' | 'withdrawn', string>>;
  /** An account of each role, which has no limits of its scope. */
  readonly accounts: Readonly<Record<Role, NewAccount>>;
  readonly disabledAccount: string;
};

type Stage = { readonly shared: SharedService; readonly cards: Client; readonly officer: Client };
type RequestAnswer = { readonly approval: { readonly id: string } };

const EVERYTHING = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
const DAY_MS = 86_400_000;
/** More rows than a page of a list has. */
const MANY = 60;

export async function populate(shared: SharedService): Promise<ServiceContent> {
  const stage = { shared, cards: shared.as('card-management'), officer: shared.as('officer-1') };
  const accounts = await addAccounts(stage);
  const disabledAccount = await disableAccount(stage);
  const certificates = await issueCertificates(stage);
  const cards = await changeCards(stage);
  const updates = await playUpdates(stage);
  const orders = await submitOrders(stage);
  const campaigns = await createCampaigns(stage);
  const approvals = await requestApprovals(stage);
  const registrations = await registerHolders(stage);
  await publishLists(stage);
  const delivery = await loseDelivery(stage);
  await searchAndFail(stage);
  const { updated, ...updatesByState } = updates;
  return {
    certificates,
    cards: { ...cards.cards, updated },
    holders: cards.holders,
    structure: STRUCTURE.id,
    updates: updatesByState,
    orders,
    campaigns,
    approvals,
    delivery,
    registrations,
    accounts,
    disabledAccount,
  };
}

async function addAccounts({ shared }: Stage): Promise<ServiceContent['accounts']> {
  const made: [string, NewAccount][] = [];
  for (const role of Object.keys(ROLES))
    made.push([role, await shared.newAccount({ roles: [role], scope: EVERYTHING })]);
  // The keys are those of ROLES.
  return Object.fromEntries(made) as ServiceContent['accounts'];
}

/** Through the database, because two officers would have to do it. */
async function disableAccount({ shared }: Stage): Promise<string> {
  const { id } = await shared.newAccount({ roles: ['portal'], scope: EVERYTHING });
  const raw = await rawDatabase(shared.service.at.database);
  await raw.all('update accounts set disabled = ? where id = ?', true, id);
  await raw.close();
  return id;
}

const issue = (cards: Client, body: Body): Promise<IssuedCertificate> =>
  cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });

/** One of each profile, and many of one. */
async function issueCertificates({ cards, officer }: Stage): Promise<ServiceContent['certificates']> {
  for (const profile of PROFILES) await issue(cards, bodyOf(profile));
  for (let count = 0; count < MANY; count += 1) await issue(cards, bodyOf('elementaire/org-auth-cli'));
  const [issued, suspended, revoked, hostile] = [
    await issue(cards, bodyOf('fort/cps-authentication')),
    await issue(cards, bodyOf('fort/cps-signature')),
    await issue(cards, bodyOf('elementaire/serv-ssl')),
    await issue(cards, hostileOrganisation()),
  ];
  await officer.expect('POST', `/v1/certificates/${suspended.id}/suspension`, { body: {} });
  const revocation = { reason: 'keyCompromise', invalidityDate: instant(Date.now() - DAY_MS) };
  await officer.expect('POST', `/v1/certificates/${revoked.id}/revocation`, { body: revocation });
  for (const reason of ['superseded', 'cessationOfOperation', 'affiliationChanged']) {
    const { id } = await issue(cards, bodyOf('elementaire/org-sign'));
    await officer.expect('POST', `/v1/certificates/${id}/revocation`, { body: { reason } });
  }
  return { issued, suspended, revoked, hostile };
}

function hostileOrganisation(): Body {
  const profile = 'elementaire/org-auth-cli';
  const holder = {
    kind: 'organisation',
    application: `APP ${HOSTILE_NAME}`,
    structure: { ...STRUCTURE, name: HOSTILE_NAME },
  };
  return { ...orderOf(profile), holder, csr: makeCsr(makeKey()) };
}

const instant = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;
const cardPath = (card: string): string => `/v1/cards/${encodeURIComponent(card)}`;

async function issueCards({ cards }: Stage, count: number): Promise<readonly number[]> {
  const numbers = Array.from({ length: count }, () => nextNumber());
  for (const number of numbers)
    await cards.expect('POST', `${cardPath(tokenId(number))}/certificates`, { body: cardBody(number) });
  return numbers;
}

type ChangedCards = {
  readonly cards: Omit<ServiceContent['cards'], 'updated'>;
  readonly holders: ServiceContent['holders'];
};

async function changeCards(stage: Stage): Promise<ChangedCards> {
  const { cards, officer } = stage;
  const [inUse = 0, lost = 0, replaced = 0, struckOff = 0] = await issueCards(stage, 4);
  await cards.expect('POST', `${cardPath(tokenId(inUse))}/capabilities`, {
    body: { generation: 'cps4', applet: '4.1.0', keyTypes: ['p-256'], spareContainers: 2 },
  });
  await cards.expect('POST', `${cardPath(tokenId(lost))}/revocation`, { body: { reason: 'keyCompromise' } });
  const replacement = { tokenId: tokenId(nextNumber()), overlap: 'P7D' };
  await cards.expect('POST', `${cardPath(tokenId(replaced))}/replacement`, { body: replacement });
  const barred = professionalId(struckOff);
  await officer.expect('POST', `/v1/holders/${barred}/revocation`, { body: { reason: 'privilegeWithdrawn' } });
  return {
    cards: { inUse: tokenId(inUse), opposed: tokenId(lost), replaced: tokenId(replaced) },
    holders: { free: professionalId(inUse), barred },
  };
}

async function playUpdates({ cards, shared, officer }: Stage) {
  const platform = await platformOf(cards);
  const reader = { model: HOSTILE_TEXTS.image, middleware: HOSTILE_TEXTS.rightToLeft, version: '5.1' };
  const begun = async () => begin(cards, { platform, card: await issueCard(cards) }, { reader });
  const [offered, confirmed, abandoned, silent] = [await begun(), await begun(), await begun(), await begun()];
  await cards.expect('POST', pathOf(confirmed.card, confirmed.update.id, 'writing'), { body: {} });
  await tell(confirmed, 'confirm');
  await cards.expect('POST', pathOf(abandoned.card, abandoned.update.id, 'abandonment'), { body: { written: false } });
  const raw = await rawDatabase(shared.service.at.database);
  await raw.all('update card_updates set due_at = 1, version = version + 1 where id = ?', silent.update.id);
  await raw.close();
  await until('the time of the update is over', async () => {
    const { updates } = await officer.expect<{ readonly updates: readonly { readonly id: string }[] }>(
      'GET',
      '/v1/updates?state=undetermined',
    );
    return updates.some(({ id }) => id === silent.update.id);
  });
  return {
    updated: confirmed.card.tokenId,
    offered: offered.update.id,
    confirmed: confirmed.update.id,
    abandoned: abandoned.update.id,
    undetermined: silent.update.id,
  };
}

const NDJSON = 'application/x-ndjson';
const linesOf = (bodies: readonly object[]): { readonly raw: string; readonly type: string } => ({
  raw: bodies.map((body) => `${JSON.stringify(body)}\n`).join(''),
  type: NDJSON,
});

/** Lines that are issued, and lines that are refused by several rules. */
function orderLines(): readonly Body[] {
  const good = Array.from({ length: 8 }, () => cardBody());
  const [one, other, third] = [cardBody(), cardBody(), cardBody()];
  const weak = [{ profile: 'fort/cps-authentication', csr: makeCsr(makeKey('rsa-1024')) }];
  const { identity: _identity, ...unproven } = other;
  return [...good, { ...one, requests: weak }, unproven, { ...third, card: { tokenId: '8025', product: 'cps' } }];
}

async function submitOrders({ cards, officer }: Stage): Promise<ServiceContent['orders']> {
  type ShownOrder = { readonly id: string; readonly state: string };
  const submit = async (query: Readonly<Record<string, string>>): Promise<string> => {
    const path = `/v1/orders?${new URLSearchParams(query)}`;
    return (await cards.expect<ShownOrder>('POST', path, linesOf(orderLines()))).id;
  };
  const finished = await submit({ reference: HOSTILE_TEXTS.script });
  const dryRun = await submit({ reference: 'night 2026-03-01, tried', dryRun: 'true' });
  const paused = await submit({ reference: 'night 2026-03-02', paused: 'true' });
  const cancelled = await submit({ reference: HOSTILE_TEXTS.rightToLeft, paused: 'true' });
  await cards.expect('POST', `/v1/orders/${cancelled}/cancellation`, { body: {} });
  for (const id of [finished, dryRun])
    await until(
      `the end of order ${id}`,
      async () => (await officer.expect<ShownOrder>('GET', `/v1/orders/${id}`)).state === 'finished',
    );
  return { finished, paused, dryRun };
}

/** Has a second officer approve what the first one has requested. */
async function approve({ shared }: Stage, { approval }: RequestAnswer): Promise<void> {
  await shared.as('officer-2').expect('POST', `/v1/approvals/${approval.id}`, { body: { decision: 'approve' } });
}

async function createCampaigns(stage: Stage): Promise<ServiceContent['campaigns']> {
  const { officer } = stage;
  const draft = async (name: string): Promise<string> => {
    const body = {
      name,
      reason: 'superseded',
      selection: { list: true },
      classes: [{ name: 'doctors', select: { list: true }, capacityPerHour: 60 }],
      fromSuspended: false,
      channel: 'any',
    };
    return (await officer.expect<{ readonly id: string }>('POST', '/v1/campaigns', { body })).id;
  };
  const create = async (name: string): Promise<string> => {
    const id = await draft(name);
    const listed = await issueCards(stage, 4);
    const cards = listed.map((number) => ({ card: tokenId(number) }));
    await officer.expect('POST', `/v1/campaigns/${id}/lists/doctors`, linesOf(cards));
    await until(
      'the population is written',
      async () => (await officer.expect<{ readonly state: string }>('GET', `/v1/campaigns/${id}`)).state === 'ready',
    );
    const [atDesk = 0] = listed;
    const desk = `/v1/campaigns/${id}/cards/${encodeURIComponent(tokenId(atDesk))}/desk`;
    await officer.expect('POST', desk, { body: {} });
    return id;
  };
  const decide = async (id: string, what: string, body: object = {}): Promise<void> =>
    approve(stage, await officer.expect<RequestAnswer>('POST', `/v1/campaigns/${id}/${what}`, { body }));
  const dates = { suspendsAt: instant(Date.now() + 5 * DAY_MS), revokesAt: instant(Date.now() + 60 * DAY_MS) };
  const open = await create('weak keys of 2026');
  await decide(open, 'opening');
  await decide(open, 'dates', dates);
  const paused = await create('cards of the second generation');
  await decide(paused, 'opening');
  await decide(paused, 'dates', dates);
  await decide(paused, 'arming', { date: 'suspension' });
  await officer.expect('POST', `/v1/campaigns/${paused}/pause`, { body: {} });
  return { open, paused, ready: await create(HOSTILE_TEXTS.attribute), draft: await draft('cards of a list') };
}

/** Each is about a holder of its own, because an object has one open approval. */
async function requestApprovals(stage: Stage): Promise<ServiceContent['approvals']> {
  const { officer, shared } = stage;
  const request = async (reason: string): Promise<RequestAnswer> => {
    const [number = 0] = await issueCards(stage, 1);
    const holder = `/v1/holders/${professionalId(number)}`;
    await officer.expect('POST', `${holder}/revocation`, { body: { reason: 'privilegeWithdrawn' } });
    return officer.expect<RequestAnswer>('DELETE', `${holder}/bar?reason=${encodeURIComponent(reason)}`);
  };
  const executed = await request('the wrong person');
  await approve(stage, executed);
  const refused = await request(HOSTILE_TEXTS.image);
  await shared.as('officer-2').expect('POST', `/v1/approvals/${refused.approval.id}`, {
    body: { decision: 'refuse', reason: HOSTILE_TEXTS.isolate },
  });
  await request(HOSTILE_TEXTS.endOfTag);
  const requested = await request(HOSTILE_TEXTS.script);
  return { requested: requested.approval.id, executed: executed.approval.id, refused: refused.approval.id };
}

/** One in each state that stays, and more than a page has. */
async function registerHolders({ cards }: Stage): Promise<ServiceContent['registrations']> {
  const profile = 'elementaire/org-auth-cli';
  const register = async (profiles: readonly string[], { profile: _, ...order }: Body): Promise<string> => {
    const body = { ...order, profiles };
    return (await cards.expect<{ readonly id: string }>('POST', '/v1/registrations', { body })).id;
  };
  for (let count = 0; count < MANY; count += 1) await register([profile], orderOf(profile));
  const used = await register([profile], orderOf(profile));
  await cards.expect('POST', `/v1/registrations/${used}/certificates`, { body: { profile, csr: makeCsr(makeKey()) } });
  const withdrawn = await register([profile], orderOf(profile));
  await cards.expect('POST', `/v1/registrations/${withdrawn}/withdrawal`);
  const pair = ['fort/cps-authentication', 'fort/cps-signature'];
  return { open: await register(pair, orderOf('fort/cps-authentication')), used, withdrawn };
}

/** Each of these CAs has a history of lists. */
async function publishLists({ officer }: Stage): Promise<void> {
  for (const ca of ['aci-fo-pp', 'aci-el-org'])
    for (let count = 0; count < 3; count += 1) await officer.expect('POST', `/v1/cas/${ca}/crl`, { body: {} });
}

/** No server answers at the endpoint; an attempt would take days to be given up. */
export async function loseDelivery({
  shared,
  officer,
}: Pick<Stage, 'shared' | 'officer'>): Promise<ServiceContent['delivery']> {
  const path = `/v1/webhooks/${SHARED_ENDPOINT.name}`;
  const { id } = await officer.expect<{ readonly id: string }>('POST', `${path}/test`, { body: {} });
  const raw = await rawDatabase(shared.service.at.database);
  await until('the first attempt has failed', async () => {
    const [row] = await raw.all('select attempts from webhook_deliveries where outbox_id = ?', Number(id));
    return Number(row?.attempts ?? 0) > 0;
  });
  const dead =
    "update webhook_deliveries set state = 'dead', next_at = null, attempts = 1, first_at = ?, last_error = ? " +
    'where outbox_id = ?';
  await raw.all(dead, Date.now(), HOSTILE_TEXTS.image, Number(id));
  await raw.close();
  return { endpoint: SHARED_ENDPOINT.name, event: id };
}

/** Audit entries about refusals, with what a stranger has sent. */
async function searchAndFail({ shared, cards }: Stage): Promise<void> {
  for (const text of Object.values(HOSTILE_TEXTS)) {
    const query = new URLSearchParams({ card: text.slice(0, 40) });
    await cards.call('GET', `/v1/certificates?${query}`);
    await shared.as('no-rights').call('GET', `/v1/certificates?${query}`);
  }
}
