/**
 * The limits of an account on three nodes that share a database. If a node counted alone, or knew a
 * change later, an account could get more than it may.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Answer,
  type Client,
  clientOf,
  type IssuedCertificate,
  type Problem,
} from '../../support/service/client.js';
import { bodyOf } from '../../support/service/orders.js';
import { runPfcng, type Service } from '../../support/service/service.js';
import { until } from '../../support/until.js';
import { startTwoNodes, type TwoNodes } from './two-nodes.js';

const REQUESTS = 64;
const PER_HOUR = 20;
const RETRIES_MAX = 3;

describe('the limits of an account on three nodes', () => {
  let nodes: TwoNodes;
  let services: readonly Service[];
  let clients: readonly Client[];

  before(async () => {
    nodes = await startTwoNodes();
    services = [...nodes.services, await nodes.startThird()];
    clients = services.map((service) => clientOf(service, 'card-management'));
  });
  after(async () => {
    for (const client of clients ?? []) await client.close();
    await nodes?.stop();
  });

  /**
   * Comes again after 503, as clients do: a node that was paused for 2 s during a transaction has
   * lost it, and answers all requests of that transaction with 503.
   */
  async function issueAt(node: number): Promise<Answer> {
    const client = clients[node] ?? assert.fail('a client');
    const sent = { body: bodyOf('elementaire/org-auth-cli'), headers: { 'idempotency-key': randomUUID() } };
    for (let left = RETRIES_MAX; ; left -= 1) {
      const answer = await client.call('POST', '/v1/certificates', sent);
      const wasLost = answer.status === 503 && (answer.body as Problem).code === 'database-unavailable';
      if (!wasLost || left === 0) return answer;
      await sleep(Number(answer.headers['retry-after']) * 1_000);
    }
  }
  const everywhere = () => Promise.all(clients.map((_, node) => issueAt(node)));

  async function change(...options: readonly string[]): Promise<void> {
    const made = await runPfcng(nodes.homes[0], 'account', 'change', 'card-management', ...options);
    assert.equal(made.status, 0, made.stderr);
  }

  it(`give ${PER_HOUR} of ${REQUESTS} certificates that are asked for at once, and revocation goes on`, async () => {
    await change('--per-hour', String(PER_HOUR));
    const answers = await Promise.all(Array.from({ length: REQUESTS }, (_, at) => issueAt(at % services.length)));
    const issued = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 429);
    assert.deepEqual([issued.length, refused.length], [PER_HOUR, REQUESTS - PER_HOUR]);
    for (const { headers } of refused) assert.match(String(headers['retry-after']), /^[1-9][0-9]*$/);
    for (const [at, { body }] of issued.entries()) {
      const { id } = body as IssuedCertificate;
      const client = clients[at % clients.length] ?? assert.fail('a client');
      const path = `/v1/certificates/${id}/revocation`;
      const revoked = await client.expect<IssuedCertificate>('POST', path, { body: { reason: 'superseded' } });
      assert.equal(revoked.status, 'revoked');
    }
    assert.deepEqual(
      (await everywhere()).map(({ status }) => status),
      [429, 429, 429],
    );
    await change('--per-hour', 'none');
    assert.deepEqual(
      (await everywhere()).map(({ status }) => status),
      [201, 201, 201],
    );
  });

  it('are those of the last change, on each node and at once', async () => {
    const ruleOf = (body: unknown) => (body as { readonly rule?: string }).rule;
    await change('--network', '192.0.2.0/24');
    for (const { status, body } of await everywhere())
      assert.deepEqual([status, ruleOf(body)], [403, 'network-in-scope']);
    await change('--network', 'none');
    assert.deepEqual(
      (await everywhere()).map(({ status }) => status),
      [201, 201, 201],
    );
    let end = 0;
    for (const seconds of [5, 60]) {
      end = Date.now() + seconds * 1_000;
      const options = ['account', 'change', 'card-management', '--expires-at', new Date(end).toISOString()];
      if ((await runPfcng(nodes.homes[0], ...options)).status === 0) break;
    }
    await until('the end of the account', async () => Date.now() > end);
    for (const { status, body } of await everywhere())
      assert.deepEqual([status, ruleOf(body)], [403, 'account-in-force']);
  });
});
