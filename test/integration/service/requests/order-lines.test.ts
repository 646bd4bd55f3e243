/**
 * What a line of an order is refused for, beside what the API says about the same card. Without
 * this test the two could drift apart, and clients would need two ways to read problems.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Problem } from '../../../support/service/client.js';
import { keyOfRfc9500, makeCsr, makeKey } from '../../../support/service/csr.js';
import { describeService } from '../../../support/service/describe-service.js';
import { type Body, cardBody, nextNumber, staff, tokenId } from '../../../support/service/orders.js';

const WAIT_MS_MAX = 60_000;

type Order = { readonly id: string; readonly state: string; readonly counts: Readonly<Record<string, number>> };
type Line = {
  readonly line: number;
  readonly outcome: string;
  readonly problem?: Problem & { readonly fr?: object };
};

describeService('lines of orders', { on: 'sqlite' }, (running) => {
  /** Submits these lines, and returns their outcomes. */
  async function outcomesOf(client: Client, lines: readonly Body[], query = ''): Promise<readonly Line[]> {
    const raw = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const { id } = await client.expect<Order>('POST', `/v1/orders${query}`, { raw, type: 'application/x-ndjson' });
    const until = performance.now() + WAIT_MS_MAX;
    for (;;) {
      const order = await client.expect<Order>('GET', `/v1/orders/${id}`);
      if (order.state === 'finished') break;
      assert.ok(performance.now() < until, JSON.stringify(order));
      await sleep(20);
    }
    return Promise.all(lines.map((_, at) => client.expect<Line>('GET', `/v1/orders/${id}/lines/${at + 1}`)));
  }

  const card = (requests: readonly Body[], more: Body = {}): Body => ({ ...cardBody(nextNumber()), ...more, requests });
  const authentication = (csr: string): Body => ({ profile: 'fort/cps-authentication', csr });
  const fresh = (): string => makeCsr(makeKey());

  it('are refused with the problem documents of the API, each alone', async () => {
    const { client } = await running.shared.newAccount({
      roles: ['card-management'],
      scope: { profiles: ['fort/*'], structures: ['*'], domains: ['*'], holders: ['*'] },
    });
    const [known, other] = [fresh(), cardBody()];
    assert.deepEqual(
      (await outcomesOf(client, [card([authentication(known)])])).map(({ outcome }) => outcome),
      ['issued'],
    );
    const signed = fresh();
    const forged = signed.replace(/(.{8})(?=\n?-----END)/, (last) => [...last].reverse().join(''));
    const bad: Readonly<Record<string, Body>> = {
      'a weak key': card([authentication(makeCsr(makeKey('rsa-1024')))]),
      'a blocked key': card([authentication(makeCsr(keyOfRfc9500()))]),
      'the key of another holder': card([authentication(known)]),
      'a bad proof of possession': card([authentication(forged)]),
      'a profile out of scope': {
        holder: staff(9_999),
        card: { tokenId: tokenId(nextNumber()), product: 'cpe' },
        requests: [{ profile: 'standard/cpe-authentication', csr: fresh() }],
      },
      'no evidence of identity': card([authentication(fresh())], { identity: undefined }),
      'an unknown member': card([{ ...authentication(fresh()), keyUsage: 'all' }]),
      'one profile twice': card([authentication(fresh()), authentication(fresh())]),
      'another product': card([authentication(fresh())], { card: { tokenId: tokenId(nextNumber()), product: 'cpe' } }),
    };
    const lines = await outcomesOf(client, [...Object.values(bad), other]);
    assert.equal(lines.at(-1)?.outcome, 'issued', 'the lines beside them are issued');
    for (const [at, [what, body]] of Object.entries(bad).entries()) {
      const path = `/v1/cards/${encodeURIComponent((body.card as { tokenId: string }).tokenId)}/certificates`;
      const answer = await client.call('POST', path, { body });
      const { requestId: _one, ...single } = answer.body as Problem;
      const { requestId: _other, fr, ...ofLine } = lines[at]?.problem ?? assert.fail(what);
      assert.equal(lines[at]?.outcome, 'refused', what);
      assert.deepEqual(ofLine, single, what);
      const french = await client.call('POST', path, { body, headers: { 'accept-language': 'fr' } });
      const { title, detail, violations = [] } = french.body as Problem;
      assert.deepEqual(fr, { title, detail, messages: violations.map(({ message }) => message) }, what);
    }
  });

  it('are refused if the card has some of their certificates, which the API issues once more', async () => {
    const body = cardBody();
    const [authentication] = body.requests as readonly Body[];
    await outcomesOf(running.cards, [{ ...body, requests: [authentication] }]);
    const [line] = await outcomesOf(running.cards, [body]);
    const { status, code, rule } = line?.problem ?? assert.fail(JSON.stringify(line));
    assert.deepEqual([line?.outcome, status, code, rule], ['refused', 409, 'state-conflict', 'card-partly-duplicate']);
    const path = `/v1/cards/${encodeURIComponent((body.card as { tokenId: string }).tokenId)}/certificates`;
    assert.equal((await running.cards.call('POST', path, { body })).status, 201);
  });

  it('are issued at most once for a card that stands twice in an order', async () => {
    const body = cardBody();
    const lines = await outcomesOf(running.cards, [body, body]);
    assert.deepEqual(
      lines.map(({ outcome, problem }) => [outcome, problem?.rule]),
      [
        ['issued', undefined],
        ['refused', 'card-once-in-order'],
      ],
    );
    assert.deepEqual(
      (await outcomesOf(running.cards, [body])).map(({ outcome }) => outcome),
      ['duplicate'],
    );
    assert.deepEqual(
      (await outcomesOf(running.cards, [body, cardBody()], '?dryRun=true')).map(({ outcome }) => outcome),
      ['would-be-duplicate', 'would-issue'],
    );
  });
});
