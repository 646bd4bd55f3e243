/**
 * Thousands of mutated EST requests to a running service: none is answered with a 5xx, nothing is
 * issued, and no process ends or grows. All of them have the secret of a registration that was
 * withdrawn, so that a mutation that happens to be valid is refused too, at the very end.
 * `PFCNG_MUTATED_EST=100000` sends as many; the seed of a failure is in its message.
 */
import assert from 'node:assert/strict';
import { Agent } from 'node:https';
import fc from 'fast-check';
import { est } from '../../support/est/est.js';
import { requestInfo, signedRequest } from '../../support/est/request.js';
import { residentMb } from '../../support/machine/resident.js';
import { makeKey } from '../../support/service/csr.js';
import { describeService } from '../../support/service/describe-service.js';
import { orderOf } from '../../support/service/orders.js';
import { allOf, changes, seldom } from './mutations.js';

const REQUESTS = Number(process.env.PFCNG_MUTATED_EST ?? 600);
const AT_ONCE = 20;
/** After these requests, the memory should be stable. */
const SETTLED = 0.5;
/** Room for a collector that has not run. */
const GROWTH_MB_MAX = 64;
const ROUNDS_MAX = 4;

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
  it(`are answered, none with a 5xx, by a service that issues nothing and does not grow: ${REQUESTS} of them`, async function attack() {
    this.timeout(3_600_000);
    const { service } = running.shared;
    const { profile: _profile, ...order } = orderOf('elementaire/org-auth-cli');
    const profiles = ['elementaire/org-auth-cli'];
    const made = await running.cards.expect<Record<'id' | 'reference' | 'secret', string>>(
      'POST',
      '/v1/registrations',
      {
        body: { profiles, ...order },
      },
    );
    await running.cards.expect('POST', `/v1/registrations/${made.id}/withdrawal`);
    const basic = `${made.reference}:${made.secret}`;
    const pids = service.tree().map(({ pid }) => pid);
    const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
    const answers = new Map<string, number>();
    const send = async ({
      operation,
      type,
      body,
    }: {
      operation: string;
      type: string;
      body: Buffer;
    }): Promise<void> => {
      const { status, text } = await est(service, { operation, type, body, basic, tls: { agent } });
      assert.ok(status >= 400 && status < 500, `${status} ${text}`);
      const said = `${status} ${/\(([a-z-]+)\)\n$/.exec(text)?.[1] ?? text.split('\n')[0]}`;
      answers.set(said, (answers.get(said) ?? 0) + 1);
    };
    const attackWith = (requests: number): Promise<void> =>
      fc.assert(
        fc.asyncProperty(fc.array(mutated, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (all) => {
          await Promise.all(all.map(send));
        }),
        { numRuns: Math.ceil(requests / AT_ONCE), endOnFailure: true },
      );
    await attackWith(REQUESTS * SETTLED);
    let growing: readonly number[] = pids;
    for (let round = 0; round < ROUNDS_MAX && growing.length > 0; round += 1) {
      const settled = pids.map(residentMb);
      await attackWith(REQUESTS * (1 - SETTLED));
      growing = pids.filter((pid, at) => residentMb(pid) - (settled[at] ?? 0) >= GROWTH_MB_MAX);
    }
    agent.destroy();
    const table = [...answers].sort(([, a], [, b]) => b - a).map(([answer, count]) => `${count} ${answer}`);
    console.log(`      ${table.join(', ')}`);
    assert.deepEqual(
      service.tree().map(({ pid }) => pid),
      pids,
      'no process ended or began',
    );
    assert.deepEqual(growing, [], 'no process grew in each round');
  });
});
