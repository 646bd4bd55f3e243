/**
 * Random lives of an order: turns of work, kills, outages of the signer, pauses, resumptions, a
 * cancellation, the deadline, a disabled account. Whatever happens, no line has two outcomes, none
 * is lost, what was read as a result never changes, and the results at any time are the beginning
 * of the final ones. PFCNG_ORDER_LIVES is the number of lives.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DAY_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { changeAccount } from '../../../src/operations/accounts/change-account.js';
import { controlOrder, type OrderControl } from '../../../src/operations/orders/control.js';
import { readResults } from '../../../src/operations/orders/read-files.js';
import type { RunId } from '../../../src/ports/node.js';
import { cleanUp, freshDatabase, opened, unwrap } from '../../support/db/fixture.js';
import { assertComplete } from '../../support/orders/assert-complete.js';
import {
  CARD_MANAGEMENT,
  CARDS,
  createBench,
  FORT,
  halting,
  linesOf,
  type OrderBench,
  orderOf,
  recoverEnded,
  recoverOwn,
  submit,
  workOnce,
  workUntilDone,
} from '../../support/orders/order-bench.js';
import { NOW } from '../../unit/policy/fixtures.js';

const LIVES = Number(process.env.PFCNG_ORDER_LIVES ?? 15);
const LINES = 12;
const DEADLINE_MS = DAY_MS;

type Event =
  | { readonly kind: 'work' | 'signer-goes' | 'signer-comes' | 'recover' | 'deadline' | 'disable' | 'enable' }
  | { readonly kind: 'control'; readonly control: OrderControl }
  /** The process dies when so many signatures were asked for. */
  | { readonly kind: 'kill'; readonly signatures: number };

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Event>({ kind: 'work' }) },
  {
    weight: 4,
    arbitrary: fc.nat(2 * LINES).map((signatures): Event => ({ kind: 'kill', signatures: signatures + 1 })),
  },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom('signer-goes', 'signer-comes', 'recover', 'disable', 'enable')
      .map((kind): Event => ({ kind }) as Event),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom<OrderControl>('pause', 'resume').map((control): Event => ({ kind: 'control', control })),
  },
  { weight: 1, arbitrary: fc.constantFrom<Event>({ kind: 'deadline' }, { kind: 'control', control: 'cancel' }) },
);

/** What a client reads as the results now. */
async function resultsOf({ world }: OrderBench, id: string): Promise<readonly string[]> {
  const pages = unwrap(await readResults(world, CARD_MANAGEMENT, { id, from: 1, withCertificates: false }));
  const results: string[] = [];
  for await (const page of pages) results.push(...unwrap(page));
  return results;
}

/** The processes of one life, one after the other, on one database. */
async function live(events: readonly Event[]): Promise<void> {
  const time = { now: NOW };
  const database = await freshDatabase('sqlite');
  const clock = (): number => time.now;
  let runs = 0;
  const begin = async (): Promise<OrderBench> => {
    runs += 1;
    return createBench({
      store: await opened({ database, clock }),
      run: String(runs).padStart(32, '0') as RunId,
      time,
    });
  };
  let bench = await begin();
  const late: (() => Promise<unknown>)[] = [];
  const id = await submit(bench, [...CARDS.slice(0, LINES - 2), '{}', CARDS[0] ?? {}], { deadlineMs: DEADLINE_MS });
  const seen = new Map<number, string>();
  let results: readonly string[] = [];

  const happen: { readonly [Kind in Event['kind']]: (event: Extract<Event, { kind: Kind }>) => Promise<unknown> } = {
    work: () => workOnce(bench, id),
    'signer-goes': async () => bench.away.add(FORT),
    'signer-comes': async () => {
      bench.away.clear();
      time.now += 2 * SECOND_MS;
    },
    recover: async () => [await recoverOwn(bench), await recoverEnded(bench)],
    deadline: async () => {
      time.now = NOW + DEADLINE_MS;
    },
    // It is refused when the order has ended, and a resumption when the account is disabled.
    control: ({ control }) => controlOrder(bench.world, CARD_MANAGEMENT, { id, control }),
    disable: () => changeAccount(bench.world, { id: CARD_MANAGEMENT.id, change: 'disable' }, { login: 'test' }),
    enable: () => changeAccount(bench.world, { id: CARD_MANAGEMENT.id, change: 'enable' }, { login: 'test' }),
    kill: async ({ signatures }) => {
      const [dying, halt] = [bench, halting(signatures)];
      dying.hooks.beforeSignature = halt.beforeSignature;
      const turn = workOnce(dying, id);
      await Promise.race([halt.reachedBy(signatures), turn]);
      // The signer of the killed process may answer after another process has taken over its lines.
      late.push(async () => {
        halt.goOn();
        await turn;
      });
      bench = await begin();
      time.now += 11 * SECOND_MS;
      unwrap(await bench.store.transaction((tx) => tx.endRun(dying.world.run, { at: time.now, reason: 'lost' })));
    },
  };

  const look = async (): Promise<void> => {
    const now = await resultsOf(bench, id);
    assert.deepEqual(now.slice(0, results.length), results, 'results are only added to');
    results = now;
    for (const { line, result } of await linesOf(bench, id)) {
      assert.equal(seen.get(line) ?? result, result, `line ${line} has changed`);
      seen.set(line, result);
    }
  };
  try {
    for (const one of events) {
      await happen[one.kind](one as never);
      await look();
    }
    bench.away.clear();
    // Lines wait for a moment after their signer was away.
    time.now += 2 * SECOND_MS;
    await changeAccount(bench.world, { id: CARD_MANAGEMENT.id, change: 'enable' }, { login: 'test' });
    await controlOrder(bench.world, CARD_MANAGEMENT, { id, control: 'resume' });
    await recoverOwn(bench);
    await recoverEnded(bench);
    await workUntilDone(bench, id);
  } finally {
    for (const answer of late) await answer();
  }
  await look();
  const { state, lines } = await orderOf(bench, id);
  assert.deepEqual([state === 'finished' || state === 'cancelled', seen.size], [true, lines]);
  assert.deepEqual(
    results,
    [...seen].sort(([one], [other]) => one - other).map(([, result]) => result),
  );
  await assertComplete(bench, id);
}

describe('an order, whatever happens', () => {
  afterEach(cleanUp);

  it(`has one outcome for each line, which never changes, in ${LIVES} lives`, async function lives() {
    this.timeout(Math.max(900_000, LIVES * 2_000));
    const property = fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 10 }), async (events) => {
      await live(events);
      await cleanUp();
    });
    await fc.assert(property, { numRuns: LIVES });
  });
});
