/**
 * Thousands of mutated requests to a running service: each is answered, none with a 5xx, and
 * neither the service nor its signers crash or leak memory. `PFCNG_MUTATED_REQUESTS=100000` sends
 * as many; the seed of a failure is in its message.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { residentMb } from '../../support/machine/resident.js';
import { describeService } from '../../support/service/describe-service.js';
import { bodyOf } from '../../support/service/orders.js';
import { type MutatedRequest, spoiled } from './mutations.js';

const REQUESTS = Number(process.env.PFCNG_MUTATED_REQUESTS ?? 1_500);
/** SentRequest in parallel; a quarter of the connections that a client may have. */
const AT_ONCE = 20;
/** After these requests, the memory should be stable. */
const SETTLED = 0.5;
/** Room for a collector that has not run: a leak of 1 kB a request is found by 100,000 of them. */
const GROWTH_MB_MAX = 64;
const ROUNDS_MAX = 4;

describeService('mutated requests', { on: 'sqlite', traced: true }, (running) => {
  it(`get answers other than 5xx from a service that neither crashes nor leaks memory: ${REQUESTS} of them`, async function attack() {
    this.timeout(3_600_000);
    const { service } = running.shared;
    const pids = service.tree().map(({ pid }) => pid);
    const answers = new Map<string, number>();
    const send = async ({ path, raw, type, headers }: MutatedRequest): Promise<void> => {
      const { status, body } = await running.cards.call('POST', path, { raw, type, headers });
      assert.ok(status < 500, `${status} ${JSON.stringify(body)}`);
      const code = status < 300 ? '' : ` ${(body as { readonly code: string }).code}`;
      answers.set(`${status}${code}`, (answers.get(`${status}${code}`) ?? 0) + 1);
    };
    const attackWith = (requests: number): Promise<void> =>
      fc.assert(
        fc.asyncProperty(fc.array(spoiled, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (all) => {
          await Promise.all(all.map(send));
        }),
        { numRuns: Math.ceil(requests / AT_ONCE), endOnFailure: true },
      );
    await attackWith(REQUESTS * SETTLED);
    const grown = async (): Promise<readonly number[]> => {
      const settled = pids.map(residentMb);
      await attackWith(REQUESTS * (1 - SETTLED));
      const after = pids.map(residentMb);
      const growths = settled.map((mb, at) => (after[at] ?? 0) - mb);
      console.log(
        `      memory, MB: ${settled.map((mb, at) => `${mb.toFixed(0)} -> ${after[at]?.toFixed(0)}`).join(', ')}`,
      );
      return growths.flatMap((mb, at) => (mb < GROWTH_MB_MAX ? [] : [at]));
    };
    // A collector that has not run yet lets a process grow once, a leak lets it grow each time.
    let growing = await grown();
    for (let round = 1; round < ROUNDS_MAX && growing.length > 0; round += 1) growing = await grown();
    const table = [...answers].sort(([, a], [, b]) => b - a).map(([answer, count]) => `${count} ${answer}`);
    console.log(`      ${table.join(', ')}`);
    assert.deepEqual(
      service.tree().map(({ pid }) => pid),
      pids,
      'no process ended or began',
    );
    assert.deepEqual(growing, [], 'no process grew in each round');
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
