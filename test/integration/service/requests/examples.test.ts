/**
 * Each example body of the OpenAPI document, sent to a service. Without this test an integrator
 * could begin with a request that is refused.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { makeCsr, makeKey } from '../../../support/service/csr.js';
import { describeService, type RunningService } from '../../../support/service/describe-service.js';
import { nextNumber, orderOf, professionalId } from '../../../support/service/orders.js';
import { runPfcng } from '../../../support/service/service.js';
import { until } from '../../../support/until.js';

type Body = Readonly<Record<string, unknown>>;
type Media = { readonly examples?: Readonly<Record<string, { readonly value: Body }>> };
type Operation = { readonly requestBody?: { readonly content: Readonly<Record<string, Media>> } };
type Sender = (running: RunningService, body: Body) => Promise<void>;

/** Dry runs come first, so that the certificates of the other examples are not there yet. */
const SENDERS: Readonly<Record<string, Sender>> = {
  'post /v1/orders': async ({ cards }, body) => {
    type Order = { readonly id: string; readonly state: string; readonly counts: Readonly<Record<string, number>> };
    const sent = { raw: `${JSON.stringify(body)}\n`, type: 'application/x-ndjson' };
    const { id } = await cards.expect<Order>('POST', '/v1/orders?dryRun=true', sent);
    let order: Order | null = null;
    await until('the end of a dry run', async () => {
      order = await cards.expect<Order>('GET', `/v1/orders/${id}`);
      return order.state === 'finished';
    });
    assert.equal((order as Order | null)?.counts.wouldIssue, 1, JSON.stringify(order));
  },
  'post /v1/cards/{tokenId}/certificates': async ({ cards }, body) => {
    const { tokenId } = body.card as { readonly tokenId: string };
    await cards.expect('POST', `/v1/cards/${encodeURIComponent(tokenId)}/certificates`, { body });
  },
  'post /v1/certificates': async ({ cards }, body) => {
    await cards.expect('POST', '/v1/certificates', { body });
  },
  'post /v1/holders/{idNat}/revocation': async ({ cards, officer }, body) => {
    const number = nextNumber();
    const plain = { body: { ...orderOf('fort/cps-signature', number), csr: makeCsr(makeKey()) } };
    await cards.expect('POST', '/v1/certificates', plain);
    await officer.expect('POST', `/v1/holders/${professionalId(number)}/revocation`, { body });
  },
  'post /v1/approvals/{id}': async ({ officer, shared }, body) => {
    const key = randomBytes(32).toString('hex');
    const why = ['--officer', 'officer-1', '--reason', 'leaked'];
    const blocked = await runPfcng(shared.service.at, 'key', 'block', `sha256:${key}`, ...why);
    assert.equal(blocked.status, 0, blocked.stderr);
    type ApprovalRequest = { readonly approval: { readonly id: string } };
    const { approval } = await officer.expect<ApprovalRequest>('DELETE', `/v1/blocked-keys/${key}?reason=another`);
    await shared.as('officer-2').expect('POST', `/v1/approvals/${approval.id}`, { body });
  },
};

describeService('the examples of the OpenAPI document', { on: 'sqlite' }, (running) => {
  /** By method and path. */
  function examples(): ReadonlyMap<string, readonly Body[]> {
    const paths = Object.entries(running.shared.judge.document.paths) as unknown as readonly (readonly [
      string,
      Readonly<Record<string, Operation>>,
    ])[];
    const found = paths.flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { requestBody }]): readonly [string, readonly Body[]] => {
        const media = Object.values(requestBody?.content ?? {});
        return [
          `${method} ${path}`,
          media.flatMap((one) => Object.values(one.examples ?? {}).map(({ value }) => value)),
        ];
      }),
    );
    return new Map(found.filter(([, bodies]) => bodies.length > 0));
  }

  it('are all sent here', () => {
    assert.deepEqual([...examples().keys()].sort(), Object.keys(SENDERS).sort());
  });

  for (const [operation, send] of Object.entries(SENDERS))
    it(`are accepted as they are: ${operation}`, async () => {
      for (const body of examples().get(operation) ?? []) await send(running, body);
    });
});
