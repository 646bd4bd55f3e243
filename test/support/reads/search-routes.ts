/** The routes of searches. */
import assert from 'node:assert/strict';
import { assertProblem, type IssuedCertificate } from '../service/client.js';
import type { RunningService } from '../service/describe-service.js';
import { cardBody, nextNumber, professionalId, tokenId } from '../service/orders.js';

type Summary = { readonly id: string; readonly [column: string]: string | null };
type Summaries = { readonly certificates: readonly Summary[]; readonly nextCursor: string | null };
type SearchEntries = {
  readonly entries: readonly { readonly entry: { readonly details: Readonly<Record<string, unknown>> } }[];
};

const byId = (one: { readonly id: string }, other: { readonly id: string }): number => (one.id < other.id ? -1 : 1);

/** Calls each route of searches with success, as those who may see names and those who may not. */
export async function callSearchRoutes({ cards, officer, shared }: RunningService): Promise<void> {
  const support = shared.as('support');
  const number = nextNumber();
  const path = `/v1/cards/${encodeURIComponent(tokenId(number))}/certificates`;
  const made = await cards.expect<{ readonly certificates: readonly IssuedCertificate[] }>('POST', path, {
    body: cardBody(number),
  });
  const [first, second] = [...made.certificates].sort(byId);
  assert.ok(first !== undefined && second !== undefined);
  const find = async (query: Readonly<Record<string, string>>): Promise<readonly Summary[]> => {
    const page = await support.expect<Summaries>('GET', `/v1/certificates/summaries?${new URLSearchParams(query)}`);
    return [...page.certificates].sort(byId);
  };
  const idsOf = (found: readonly { readonly id: string }[]): readonly string[] => found.map(({ id }) => id);

  const holder = professionalId(number);
  const found = await find({ holder, ticket: 'CALL-1' });
  assert.deepEqual(idsOf(found), [first.id, second.id]);
  assert.deepEqual([found[0]?.holder, found[0]?.card, found[0]?.reason], [holder, tokenId(number), null]);
  assert.ok(!JSON.stringify(found).includes('DOCTEUR'), 'no name');
  const hex = first.serialNumber;
  for (const serialNumber of [
    hex.toUpperCase(),
    `0x${hex}`,
    `00${hex}`,
    (hex.match(/../g) ?? []).join(':'),
    BigInt(`0x${hex}`).toString(),
  ])
    assert.deepEqual(idsOf(await find({ serialNumber })), [first.id], serialNumber);
  assert.deepEqual(idsOf(await find({ holder, profile: first.profile })), [first.id]);
  const { notAfter } = first;
  assert.deepEqual(idsOf(await find({ holder, expiresFrom: notAfter, issuedFrom: first.notBefore })), [
    first.id,
    second.id,
  ]);
  assert.deepEqual(idsOf(await find({ holder, issuedUntil: '2020-01-01T00:00:00Z' })), []);

  const ordered = async (sort: string): Promise<readonly string[]> => {
    const page = await support.expect<Summaries>('GET', `/v1/certificates/summaries?holder=${holder}&sort=${sort}`);
    return idsOf(page.certificates);
  };
  assert.deepEqual(await ordered('issuedAt'), [first.id, second.id]);
  assert.deepEqual(await ordered('-issuedAt'), [second.id, first.id]);
  const strange = await support.call('GET', '/v1/certificates/summaries?sort=name');
  assertProblem(strange, { status: 400, code: 'invalid-request', pointer: '?/sort', rule: 'enum' });

  const [, ...lines] = (await exported(officer, `as=csv&holder=${holder}`)).split('\r\n');
  assert.deepEqual(
    lines.map((line) => line.split(',')[0]).sort(),
    ['', first.id, second.id].sort(),
    'lines end with CR and LF',
  );
  const { body } = await officer.call('GET', `/v1/certificates/export?as=ndjson&holder=${holder}`);
  assert.deepEqual([...(body as readonly Summary[])].sort(byId), found);

  const entries = await officer.expect<SearchEntries>(
    'GET',
    `/v1/audit/entries?type=certificate.searched&holder=${holder}&limit=200`,
  );
  const details = entries.entries.map(({ entry }) => entry.details);
  assert.ok(!JSON.stringify(details).includes(holder), 'the holder is a tag');
  assert.ok(details.some(({ ticket }) => ticket === 'CALL-1'));
  assert.ok(details.some(({ exportedAs }) => exportedAs === 'csv'));

  const refused = await support.call('GET', `/v1/certificates/${first.id}`);
  assertProblem(refused, { status: 403, code: 'not-permitted' });
  const stranger = await support.call('GET', '/v1/certificates/summaries?cursor=MTox');
  assertProblem(stranger, { status: 400, code: 'invalid-request', pointer: '?/cursor', rule: 'cursor-known' });
  const word = await support.call('GET', '/v1/certificates/summaries?serialNumber=word');
  assertProblem(word, { status: 400, code: 'invalid-request', pointer: '?/serialNumber', rule: 'pattern' });
}

async function exported(client: RunningService['officer'], query: string): Promise<string> {
  const { status, headers, body } = await client.call('GET', `/v1/certificates/export?${query}`);
  assert.equal(status, 200);
  assert.match(String(headers['content-type']), /^text\/csv/);
  return String(body);
}
