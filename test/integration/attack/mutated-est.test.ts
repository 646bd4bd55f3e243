/**
 * Thousands of mutated EST requests to a running service: none is answered with a 5xx, nothing is
 * issued, and no process ends or grows. All of them have the secret of a registration that was
 * withdrawn, so that a mutation that happens to be valid is refused too, at the very end.
 * `PFCNG_MUTATED_EST=100000` sends as many; the seed of a failure is in its message.
 */
import assert from 'node:assert/strict';
import { Agent } from 'node:https';
import fc from 'fast-check';
import { AT_ONCE, attack, withdrawnRegistration } from '../../support/attack/attack.js';
import { est } from '../../support/est/est.js';
import { requestInfo, signedRequest } from '../../support/est/request.js';
import { makeKey } from '../../support/service/csr.js';
import { describeService } from '../../support/service/describe-service.js';
import { allOf, changes, seldom } from './mutations.js';

const REQUESTS = Number(process.env.PFCNG_MUTATED_EST ?? 600);

const KEY = makeKey();
const OPERATIONS = [
  'simpleenroll',
  'elementaire~org-auth-cli/simpleenroll',
  'elementaire~serv-ssl/simpleenroll',
] as const;

/** Mutations inside of what is signed, of the whole DER, and of its base64. */
const mutated = fc
  .record({
    operation: fc.constantFrom(...OPERATIONS),
    inside: seldom(changes(3)),
    outside: seldom(changes(2)),
    text: seldom(changes(2)),
    names: fc.boolean(),
    type: fc.oneof(
      { weight: 9, arbitrary: fc.constant('application/pkcs10') },
      { weight: 1, arbitrary: fc.constant('x') },
    ),
  })
  .map(({ operation, inside, outside, text, names, type }) => {
    const content = {
      subject: [['C', 'FR'] as const, ['CN', 'INSI-MANU'] as const],
      dns: names ? ['a.example.org', 'b.example.org'] : [],
      challengePassword: 'password',
    };
    const info = allOf(requestInfo(KEY, content), inside);
    const der = allOf(signedRequest(KEY.privateKey, info), outside);
    return { operation, type, body: allOf(Buffer.from(der.toString('base64')), text) };
  });

describeService('mutated EST requests', { on: 'sqlite' }, (running) => {
  it(`are answered, none with a 5xx, by a service that issues nothing and does not grow: ${REQUESTS} of them`, async function sendAll() {
    this.timeout(3_600_000);
    const { service } = running.shared;
    const { reference, secret } = await withdrawnRegistration(running.cards);
    const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
    await attack(service, {
      mutated,
      requests: REQUESTS,
      send: async (sent) => {
        const { status, text } = await est(service, { ...sent, basic: `${reference}:${secret}`, tls: { agent } });
        assert.ok(status >= 400 && status < 500, `${status} ${text}`);
        return `${status} ${/\(([a-z-]+)\)\n$/.exec(text)?.[1] ?? text.split('\n')[0]}`;
      },
    });
    agent.destroy();
  });
});
