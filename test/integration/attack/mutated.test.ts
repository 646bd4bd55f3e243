/**
 * Thousands of mutated requests to a running service: each is answered, none with a 5xx, and
 * neither the service nor its signers crash or leak memory. `PFCNG_MUTATED_REQUESTS=100000` sends
 * as many; the seed of a failure is in its message.
 */
import assert from 'node:assert/strict';
import { attack } from '../../support/attack/attack.js';
import { describeService } from '../../support/service/describe-service.js';
import { bodyOf } from '../../support/service/orders.js';
import { spoiled } from './mutations.js';

const REQUESTS = Number(process.env.PFCNG_MUTATED_REQUESTS ?? 1_500);

describeService('mutated requests', { on: 'sqlite', traced: true }, (running) => {
  it(`get answers other than 5xx from a service that neither crashes nor leaks memory: ${REQUESTS} of them`, async function sendAll() {
    this.timeout(3_600_000);
    const answers = await attack(running.shared.service, {
      mutated: spoiled,
      requests: REQUESTS,
      send: async ({ path, raw, type, headers }) => {
        const { status, body } = await running.cards.call('POST', path, { raw, type, headers });
        assert.ok(status < 500, `${status} ${JSON.stringify(body)}`);
        return status < 300 ? String(status) : `${status} ${(body as { readonly code: string }).code}`;
      },
    });
    for (const wanted of [
      '201',
      '400 invalid-request',
      '422 policy-violated',
      '422 proof-of-possession-failed',
      '422 key-rejected',
    ])
      assert.ok(answers.has(wanted), `none was answered with ${wanted}`);
    const good = await running.cards.call('POST', '/v1/certificates', { body: bodyOf('fort/cps-signature') });
    assert.equal(good.status, 201);
  });
});
