/** Sends mutated requests to a running service, and sees what they do to its processes. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { residentMb } from '../machine/resident.js';
import type { Client } from '../service/client.js';
import { orderOf } from '../service/orders.js';
import type { Service } from '../service/service.js';

/** Requests in parallel; a quarter of the connections that a client may have. */
export const AT_ONCE = 20;
/** After these requests, the memory should be stable. */
const SETTLED = 0.5;
/** Room for a collector that has not run: a leak of 1 kB a request is found by 100,000 of them. */
const GROWTH_MB_MAX = 64;
const ROUNDS_MAX = 4;

/**
 * Sends `requests` of them, and more while a process grows. `send` checks the answer and describes
 * it in words. Fails if a process ended or grew in each round; returns how often each answer came.
 */
export async function attack<Sent>(
  service: Pick<Service, 'tree'>,
  {
    mutated,
    requests,
    send,
  }: {
    readonly mutated: fc.Arbitrary<Sent>;
    readonly requests: number;
    readonly send: (sent: Sent) => Promise<string>;
  },
): Promise<ReadonlyMap<string, number>> {
  const pids = service.tree().map(({ pid }) => pid);
  const answers = new Map<string, number>();
  const sendSome = (count: number): Promise<void> =>
    fc.assert(
      fc.asyncProperty(fc.array(mutated, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (all) => {
        const said = await Promise.all(all.map(send));
        for (const one of said) answers.set(one, (answers.get(one) ?? 0) + 1);
      }),
      { numRuns: Math.ceil(count / AT_ONCE), endOnFailure: true },
    );
  await sendSome(requests * SETTLED);
  let growing: readonly number[] = pids;
  // A collector that has not run yet lets a process grow once, a leak lets it grow each time.
  for (let round = 0; round < ROUNDS_MAX && growing.length > 0; round += 1) {
    const settled = pids.map(residentMb);
    await sendSome(requests * (1 - SETTLED));
    const after = pids.map(residentMb);
    const growths = settled.map((mb, at) => `${mb.toFixed(0)} -> ${after[at]?.toFixed(0)}`);
    console.log(`      memory, MB: ${growths.join(', ')}`);
    growing = pids.filter((_pid, at) => (after[at] ?? 0) - (settled[at] ?? 0) >= GROWTH_MB_MAX);
  }
  const table = [...answers].sort(([, one], [, other]) => other - one).map(([answer, count]) => `${count} ${answer}`);
  console.log(`      ${table.join(', ')}`);
  assert.deepEqual(
    service.tree().map(({ pid }) => pid),
    pids,
    'no process ended or began',
  );
  assert.deepEqual(growing, [], 'no process grew in each round');
  return answers;
}

export type WithdrawnRegistration = { readonly id: string; readonly reference: string; readonly secret: string };

/** Its secret authenticates, and whatever is asked for with it is refused at the very end. */
export async function withdrawnRegistration(cards: Client): Promise<WithdrawnRegistration> {
  const { profile, ...order } = orderOf('elementaire/org-auth-cli');
  const body = { profiles: [profile], ...order };
  const made = await cards.expect<WithdrawnRegistration>('POST', '/v1/registrations', { body });
  await cards.expect('POST', `/v1/registrations/${made.id}/withdrawal`);
  return made;
}
