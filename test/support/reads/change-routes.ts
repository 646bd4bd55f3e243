/** The route of what follows certificates. */
import assert from 'node:assert/strict';
import { assertProblem, type Client, type IssuedCertificate } from '../service/client.js';
import type { RunningService } from '../service/describe-service.js';
import { bodyOf, cardBody, nextNumber, tokenId } from '../service/orders.js';

type Change = {
  readonly entry: number;
  readonly kind: string;
  readonly status: string;
  readonly reason: string | null;
  readonly certificate: { readonly id: string; readonly status: string };
};
type Changes = { readonly changes: readonly Change[]; readonly next: number; readonly more: boolean };

/** Follows changes from the first one to the last, and then what happens next. */
export async function callChangeRoutes({ cards, officer, shared }: RunningService): Promise<void> {
  const support = shared.as('support');
  const { changes: before, next } = await followed(support, 0);
  assert.ok(before.length > 0, 'the first certificates are those of the accounts');
  const number = nextNumber();
  const path = `/v1/cards/${encodeURIComponent(tokenId(number))}/certificates`;
  const { certificates } = await cards.expect<{ readonly certificates: readonly IssuedCertificate[] }>('POST', path, {
    body: cardBody(number),
  });
  const [first] = certificates;
  assert.ok(first);
  await officer.expect('POST', `/v1/certificates/${first.id}/revocation`, { body: { reason: 'superseded' } });
  const other = await cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
    body: bodyOf('elementaire/org-auth-cli'),
  });

  const ids = new Set([...certificates, other].map(({ id }) => id));
  const whatHappened = ({ changes }: Pick<Changes, 'changes'>): readonly unknown[] =>
    changes.flatMap(({ kind, status, reason, certificate: { id } }) =>
      ids.has(id) ? [[id, kind, status, reason]] : [],
    );
  const after = await followed(support, next);
  const issued = certificates.map(({ id }) => [id, 'issuance', 'issued', null]);
  const expected = [...issued, [first.id, 'status', 'revoked', 'superseded'], [other.id, 'issuance', 'issued', null]];
  assert.deepEqual(whatHappened(after), expected);
  assert.ok(!JSON.stringify(after).includes('DOCTEUR'), 'no name');

  const narrow = { profiles: ['elementaire/*'], structures: ['*'], domains: ['*'], holders: ['*'] };
  const { client } = await shared.newAccount({ roles: ['card-management'], scope: narrow });
  assert.deepEqual(whatHappened(await followed(client, next)), expected.slice(-1));

  const beyond = await support.call('GET', `/v1/changes?after=${'9'.repeat(15)}`);
  assertProblem(beyond, { status: 400, code: 'invalid-request', pointer: '?/after', rule: 'entry-known' });
  const none = await support.call('GET', '/v1/changes');
  assertProblem(none, { status: 400, code: 'invalid-request', pointer: '?/after', rule: 'member-required' });
  const word = await support.call('GET', '/v1/changes?after=yesterday');
  assertProblem(word, { status: 400, code: 'invalid-request', pointer: '?/after', rule: 'type' });
  const refused = await shared.as('operator').call('GET', '/v1/changes?after=0');
  assertProblem(refused, { status: 403, code: 'not-permitted' });
}

/** Reads until there is no more, and sees that the entries ascend. */
async function followed(
  client: Client,
  from: number,
): Promise<{ readonly changes: readonly Change[]; readonly next: number }> {
  const changes: Change[] = [];
  let position = from;
  for (;;) {
    const {
      changes: some,
      next,
      more,
    } = await client.expect<Changes>('GET', `/v1/changes?after=${position}&limit=200`);
    for (const { entry } of some) assert.ok(entry > position && entry <= next, `${entry} is after ${position}`);
    changes.push(...some);
    position = next;
    if (!more) break;
  }
  const entries = changes.map(({ entry }) => entry);
  assert.deepEqual(
    entries,
    entries.toSorted((one, another) => one - another),
  );
  return { changes, next: position };
}
