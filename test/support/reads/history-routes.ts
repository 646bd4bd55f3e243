/** The routes of histories and accounts. */
import assert from 'node:assert/strict';
import { assertProblem, type IssuedCertificate } from '../service/client.js';
import type { RunningService } from '../service/describe-service.js';
import { bodyOf, cardBody, nextNumber, professionalId, tokenId } from '../service/orders.js';

type WithId = { readonly id: string };
type Entry = { readonly entry: { readonly seq: number; readonly type: string } };
type CertificateHistory = {
  readonly certificate: WithId & { readonly status: string };
  readonly events: readonly { readonly status: string; readonly reason: string; readonly entry: number }[];
  readonly entries: readonly Entry[] | null;
};
type CardHistory = { readonly certificates: readonly WithId[]; readonly updates: readonly WithId[] };
type HolderHistory = {
  readonly state: string;
  readonly cards: readonly { readonly tokenId: string }[];
  readonly certificates: readonly WithId[];
};
type CrlHistory = {
  readonly crls: readonly {
    readonly number: number;
    readonly kind: string;
    readonly thisUpdate: string;
    readonly delaySeconds: number | null;
  }[];
  readonly nextCursor: string | null;
};
type Account = {
  readonly id: string;
  readonly roles: readonly string[];
  readonly credentials: readonly { readonly certificate: string | null; readonly status: string | null }[];
  readonly lastAct: { readonly type: string } | null;
};
type Accounts = { readonly accounts: readonly Account[]; readonly nextCursor: string | null };

const idsOf = (named: readonly WithId[]): readonly string[] => named.map(({ id }) => id).sort();

/** Calls each route of histories with success, and sees that none of them has a name. */
export async function callHistoryRoutes({ cards, officer, shared }: RunningService): Promise<void> {
  const support = shared.as('support');
  const number = nextNumber();
  const card = `/v1/cards/${encodeURIComponent(tokenId(number))}`;
  const { certificates } = await cards.expect<{ readonly certificates: readonly IssuedCertificate[] }>(
    'POST',
    `${card}/certificates`,
    { body: cardBody(number) },
  );
  const [first] = certificates;
  assert.ok(first);
  await officer.expect('POST', `/v1/certificates/${first.id}/revocation`, { body: { reason: 'superseded' } });

  const history = `/v1/certificates/${first.id}/history`;
  const seen = await support.expect<CertificateHistory>('GET', history);
  assert.equal(seen.certificate.status, 'revoked');
  assert.deepEqual(
    seen.events.map(({ status, reason }) => [status, reason]),
    [['revoked', 'superseded']],
  );
  assert.equal(seen.entries, null, 'support staff do not read the audit log');
  const { entries, events } = await officer.expect<CertificateHistory>('GET', history);
  const types = (entries ?? []).map(({ entry }) => entry.type);
  assert.deepEqual(types, ['certificate.revoked', 'certificate.issued', 'certificate.intent']);
  assert.equal(events[0]?.entry, entries?.[0]?.entry.seq);

  const ofCard = await support.expect<CardHistory>('GET', `${card}/history`);
  assert.deepEqual([idsOf(ofCard.certificates), ofCard.updates], [idsOf(certificates), []]);
  const ofHolder = await support.expect<HolderHistory>('GET', `/v1/holders/${professionalId(number)}/history`);
  assert.deepEqual([ofHolder.state, idsOf(ofHolder.certificates)], ['free', idsOf(certificates)]);
  assert.deepEqual(
    ofHolder.cards.map((one) => one.tokenId),
    [tokenId(number)],
  );
  for (const shown of [seen, ofCard, ofHolder]) assert.ok(!JSON.stringify(shown).includes('DOCTEUR'), 'no name');
  for (const path of ['certificates/none', 'cards/none', 'holders/none'])
    assertProblem(await support.call('GET', `/v1/${path}/history`), { status: 404, code: 'not-found' });

  const other = await cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
    body: bodyOf('elementaire/org-auth-cli'),
  });
  const narrow = { profiles: ['fort/*'], structures: ['*'], domains: ['*'], holders: ['*'] };
  const { client } = await shared.newAccount({ roles: ['support'], scope: narrow });
  assertProblem(await client.call('GET', `/v1/certificates/${other.id}/history`), { status: 404, code: 'not-found' });
}

/** Calls the history of lists page by page. */
export async function callCrlHistoryRoutes({ officer, shared }: RunningService): Promise<void> {
  const operator = shared.as('operator');
  await operator.expect('POST', '/v1/cas/aci-el-org/crl');
  await operator.expect('POST', '/v1/cas/aci-el-org/crl');
  const seen: CrlHistory['crls'][number][] = [];
  let cursor = '';
  do {
    const page = await officer.expect<CrlHistory>('GET', `/v1/cas/aci-el-org/crls?limit=2${cursor}`);
    seen.push(...page.crls);
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
  } while (cursor !== '');
  const times = seen.map(({ thisUpdate }) => thisUpdate);
  assert.deepEqual(times, [...times].sort().reverse());
  const names = seen.map((one) => `${one.kind} ${one.number}`);
  assert.equal(new Set(names).size, names.length, 'each list once');
  // The first list of a CA comes from its ceremony, and has no time of publication.
  const delays = seen.flatMap(({ kind, delaySeconds }) => (kind === 'full' ? [delaySeconds] : []));
  assert.ok(delays.filter((delay) => delay !== null && delay >= 0).length >= 2);
  const strange = await officer.call('GET', '/v1/cas/aci-el-org/crls?cursor=MTox');
  assertProblem(strange, { status: 400, code: 'invalid-request', pointer: '?/cursor', rule: 'cursor-known' });
  assertProblem(await officer.call('GET', '/v1/cas/none/crls'), { status: 404, code: 'not-found' });
}

/** Calls the list of accounts page by page, and reads one. */
export async function callAccountRoutes({ officer }: RunningService): Promise<void> {
  const all: Account[] = [];
  let cursor = '';
  do {
    const page = await officer.expect<Accounts>('GET', `/v1/accounts?limit=3${cursor}`);
    all.push(...page.accounts);
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
  } while (cursor !== '');
  const ids = all.map(({ id }) => id);
  assert.deepEqual(ids, [...new Set(ids)].sort());
  for (const id of ['auditor', 'card-management', 'officer-1', 'operator', 'support']) assert.ok(ids.includes(id), id);
  const account = await officer.expect<Account>('GET', '/v1/accounts/officer-1');
  assert.deepEqual(account.roles, ['officer']);
  assert.equal(account.credentials[0]?.status, 'issued');
  assert.ok(account.lastAct !== null, 'other tests have revoked with it');
  type Usage = {
    readonly liveOrders: { readonly used: number; readonly max: number };
    readonly certificatesToday: null;
  };
  const usage = await officer.expect<Usage>('GET', '/v1/accounts/card-management/usage');
  assert.equal(usage.certificatesToday, null, 'it has no limit');
  assert.ok(usage.liveOrders.used <= usage.liveOrders.max);
  for (const path of ['/v1/accounts/nobody', '/v1/accounts/nobody/usage'])
    assertProblem(await officer.call('GET', path), { status: 404, code: 'not-found' });
}
