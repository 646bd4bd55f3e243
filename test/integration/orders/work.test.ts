/**
 * The work on orders, from the accepted upload to the last outcome. Without it a card could get
 * certificates twice or never, and nobody would know which.
 */
import assert from 'node:assert/strict';
import { endOrdersJob } from '../../../src/jobs/orders/order-end.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { changeAccount } from '../../../src/operations/accounts/change-account.js';
import { issueCertificates } from '../../../src/operations/issuance/issue.js';
import { readOrder } from '../../../src/operations/orders/read.js';
import type { RunId } from '../../../src/ports/node.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { sharedWorldOf, workDue } from '../../support/job-run.js';
import { assertComplete } from '../../support/orders/assert-complete.js';
import {
  CARD_MANAGEMENT,
  CARDS,
  changeState,
  createBench,
  FORT,
  halting,
  linesOf,
  type OrderBench,
  orderOf,
  outcomesOf,
  recoverEnded,
  recoverOwn,
  resultOf,
  submit,
  workOnce,
  workUntilDone,
} from '../../support/orders/order-bench.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { type Body, cardBody, staff, tokenId } from '../../support/service/orders.js';
import { NOW, testPolicy } from '../../unit/policy/fixtures.js';

const [ONE, OTHER] = ['1'.repeat(32) as RunId, '2'.repeat(32) as RunId];

/** A STANDARD card. */
function staffCard(number: number): Body {
  return {
    holder: staff(number),
    card: { tokenId: tokenId(number), product: 'cpe' },
    requests: [{ profile: 'standard/cpe-authentication', csr: makeCsr(makeKey()) }],
  };
}

const cards = (from: number, to: number): readonly Body[] => CARDS.slice(from - 1, to);

describeOnEach('the work on an order', ({ fresh, opened }) => {
  async function newBench(): Promise<OrderBench> {
    const time = { now: NOW };
    return createBench({ store: await opened({ clock: () => time.now }), time });
  }

  /** Two processes on one database. */
  async function twoBenches(): Promise<readonly [OrderBench, OrderBench]> {
    const time = { now: NOW };
    const database = await fresh();
    const clock = (): number => time.now;
    const one = await createBench({ store: await opened({ database, clock }), run: ONE, time });
    return [one, await createBench({ store: await opened({ database, clock }), run: OTHER, time })];
  }

  it('gives each line its outcome, and ends', async () => {
    const bench = await newBench();
    const id = await submit(bench, cards(1, 70));
    assert.equal(await workUntilDone(bench, id), 'done');
    const { state, nextLine, counts } = await orderOf(bench, id);
    assert.deepEqual([state, nextLine, counts.issued], ['finished', 71, 70]);
    assert.equal(bench.signed(), 140);
    await assertComplete(bench, id);
  });

  it('is over if another process ends the order as soon as its last line has its outcome', async () => {
    const bench = await newBench();
    const { store, world } = bench;
    const id = await submit(bench, ['{']);
    const ending: typeof store.groupedTransaction = async (...grouped) => {
      const outcome = await store.groupedTransaction(...grouped);
      await workDue(endOrdersJob, { ...world, platformKey: null }, sharedWorldOf(store, { run: OTHER }));
      return outcome;
    };
    const raced = { ...bench, world: { ...world, store: { ...store, groupedTransaction: ending } } };
    assert.equal(await workOnce(raced, id), 'done');
    assert.equal((await orderOf(bench, id)).state, 'finished');
  });

  it('refuses what a line breaks, alone, with the problem document of the API', async () => {
    const bench = await newBench();
    const [good, other] = [cards(1, 1)[0] ?? {}, cards(2, 2)[0] ?? {}];
    const text = JSON.stringify(other);
    const id = await submit(bench, [
      good,
      '',
      '{"holder":',
      `\ufeff${text}`,
      text.replace('{"holder"', '{"card":{},"holder"'),
      new Uint8Array([...Buffer.from(text.slice(0, -1)), 0xff, 0x7d]),
      text.replace('DOCTEUR', 'DOC\\u0000TEUR'),
      `${' '.repeat(70_000)}${text}`,
      { ...other, card: { tokenId: 'x\u0000y', product: 'cps' } },
      `${text}\r`,
    ]);
    await workUntilDone(bench, id);
    const lines = await linesOf(bench, id);
    const shown = lines.map((one) => {
      const { card, problem } = resultOf(one);
      return [one.outcome, card, problem?.code, problem?.violations?.[0]?.rule];
    });
    assert.deepEqual(shown, [
      ['issued', tokenId(1), undefined, undefined],
      ['refused', null, 'invalid-request', 'json'],
      ['refused', null, 'invalid-request', 'json'],
      ['refused', null, 'invalid-request', 'json'],
      ['refused', null, 'invalid-request', 'member-once'],
      ['refused', null, 'invalid-request', 'json'],
      ['refused', tokenId(2), 'policy-violated', 'text-characters'],
      ['refused', null, 'too-large', undefined],
      ['refused', null, 'policy-violated', 'card-token-id'],
      ['issued', tokenId(2), undefined, undefined],
    ]);
    await assertComplete(bench, id);
  });

  it('issues a card once, to the first line that asks for it', async () => {
    const bench = await newBench();
    const [first] = cards(1, 1);
    assert.ok(first);
    const again: Body = { ...cardBody(1), card: first.card };
    // The second line needs a signature less, and would overtake the first one.
    const id = await submit(bench, [
      first,
      { ...again, requests: (again.requests as readonly Body[]).slice(0, 1) },
      first,
    ]);
    await workUntilDone(bench, id);
    assert.deepEqual(await outcomesOf(bench, id), ['issued', 'refused', 'refused']);
    const rules = (await linesOf(bench, id)).map((one) => resultOf(one).problem?.rule);
    assert.deepEqual(rules, [undefined, 'card-once-in-order', 'card-once-in-order']);
    await assertComplete(bench, id);
  });

  it('finds duplicates of live certificates, uses no serial number for them, and shows those that exist', async () => {
    const bench = await newBench();
    const [whole, half] = cards(1, 2);
    assert.ok(whole !== undefined && half !== undefined);
    const [authentication, signature] = half.requests as readonly Body[];
    const first = await submit(bench, [whole, { ...half, requests: [authentication] }]);
    await workUntilDone(bench, first);
    const signed = bench.signed();
    const second = await submit(bench, [whole, { ...half, requests: [authentication, signature] }]);
    await workUntilDone(bench, second);
    assert.deepEqual(await outcomesOf(bench, second), ['duplicate', 'refused']);
    const [issued] = await linesOf(bench, first);
    const [duplicate, partly] = await linesOf(bench, second);
    assert.ok(issued !== undefined && duplicate !== undefined && partly !== undefined);
    assert.deepEqual(resultOf(duplicate).certificates, resultOf(issued).certificates);
    assert.equal(resultOf(partly).problem?.rule, 'card-partly-duplicate');
    assert.equal(bench.signed(), signed);
    await assertComplete(bench, second);
  });

  it('shows duplicates that the API refuses where the environment says so', async () => {
    const policy = testPolicy();
    const refusing = { ...policy, environment: { ...policy.environment, duplicatesRefused: true } };
    const bench = await createBench({ store: await opened({ clock: () => NOW }), policy: refusing });
    const { world } = bench;
    const [whole, half] = cards(1, 2);
    assert.ok(whole !== undefined && half !== undefined);
    const [authentication] = half.requests as readonly Body[];
    await workUntilDone(bench, await submit(bench, [whole, { ...half, requests: [authentication] }]));
    const again = await submit(bench, [whole, half]);
    await workUntilDone(bench, again);
    assert.deepEqual(await outcomesOf(bench, again), ['duplicate', 'refused']);
    const [, partly] = await linesOf(bench, again);
    const ofLine = partly === undefined ? undefined : resultOf(partly).problem;
    for (const body of [whole, half]) {
      const read = world.lineForm.read({ kind: 'whole', octets: utf8(JSON.stringify(body)) }, 'r');
      const { applications } = read.ok ? read.value : assert.fail(JSON.stringify(read));
      const asked = { account: CARD_MANAGEMENT, applications, idempotency: null } as const;
      const answer = await issueCertificates(world, asked);
      const problem = answer.ok ? null : world.lineForm.problemOf(answer.error, 'r');
      const { code, rule } = problem as { readonly code?: string; readonly rule?: string };
      assert.deepEqual([code, rule], [ofLine?.code, 'card-has-this-certificate']);
    }
  });

  it('goes on after a crash with what has neither an outcome nor a claim, and leaves the rest to recovery', async () => {
    const [dying, next] = await twoBenches();
    const id = await submit(dying, cards(1, 70));
    const halt = halting(40);
    dying.hooks.beforeSignature = halt.beforeSignature;
    const turn = workOnce(dying, id);
    await halt.reachedBy(40);
    next.time.now += 11 * SECOND_MS;
    unwrap(await next.store.transaction((tx) => tx.endRun(ONE, { at: next.time.now, reason: 'lost' })));
    await workUntilDone(next, id);
    const before = await outcomesOf(next, id);
    assert.ok(before.includes('-'), 'lines of the dead process wait for recovery');
    assert.equal((await orderOf(next, id)).state, 'working');
    await recoverEnded(next);
    await workUntilDone(next, id);
    assert.deepEqual([...new Set(await outcomesOf(next, id))], ['issued']);
    assert.equal((await orderOf(next, id)).state, 'finished');
    // It was not dead: what it signs now is stored already.
    halt.goOn();
    assert.equal(await turn, 'lost');
    await assertComplete(next, id);
  });

  it('of a process that was paused for longer than its lease reserves nothing more', async () => {
    const [paused, other] = await twoBenches();
    const id = await submit(paused, cards(1, 80));
    // Its window has 64 lines, with two certificates each.
    const halt = halting(1);
    paused.hooks.beforeSignature = halt.beforeSignature;
    const turn = workOnce(paused, id);
    await halt.reachedBy(128);
    other.time.now += 11 * SECOND_MS;
    const taken = await other.store.transaction((tx) =>
      tx.takeLease({ name: `order/${id}`, holder: OTHER, durationMs: 10 * SECOND_MS }),
    );
    assert.ok(unwrap(taken));
    halt.goOn();
    assert.equal(await turn, 'lost');
    const outcomes = await outcomesOf(paused, id);
    assert.deepEqual([...new Set(outcomes.slice(0, 64)), ...new Set(outcomes.slice(64))], ['issued', '-']);
    assert.equal(paused.signed(), 128);
  });

  /** Ten FORT cards, whose signer is away, and ten STANDARD cards. */
  async function submitWithoutFort(bench: OrderBench): Promise<string> {
    const staffCards = Array.from({ length: 10 }, (_, at) => staffCard(200 + at));
    const id = await submit(bench, [...cards(1, 10), ...staffCards]);
    bench.away.add(FORT);
    assert.equal(await workUntilDone(bench, id), 'done');
    return id;
  }
  const fortOpen = [...Array(10).fill('-'), ...Array(10).fill('issued')];

  it('lets lines wait for a signer that is away for an hour, and goes on with others', async () => {
    const bench = await newBench();
    const id = await submitWithoutFort(bench);
    let asked = 0;
    bench.hooks.beforeSignature = async () => {
      asked += 1;
    };
    for (let minute = 0; minute < 60; minute += 5) {
      assert.deepEqual(await outcomesOf(bench, id), fortOpen, `after ${minute} minutes`);
      const { progress } = unwrap(await readOrder(bench.world, CARD_MANAGEMENT, id));
      assert.deepEqual(
        progress.waitingFor.map(({ reason, profile }) => [reason, profile]),
        [['signer', 'fort/cps-authentication']],
      );
      bench.time.now += 5 * MINUTE_MS;
      await workUntilDone(bench, id);
    }
    assert.equal(asked, 0, 'no serial number is used for a signer that is away');
    bench.away.clear();
    bench.time.now += 2 * SECOND_MS;
    await workUntilDone(bench, id);
    assert.equal((await orderOf(bench, id)).state, 'finished');
    await assertComplete(bench, id);
  });

  it('gives not-issued at the deadline to lines whose signer is still away', async () => {
    const bench = await newBench();
    const id = await submitWithoutFort(bench);
    bench.time.now += 3 * DAY_MS;
    await workUntilDone(bench, id);
    const { state, counts } = await orderOf(bench, id);
    assert.deepEqual([state, counts.issued, counts['not-issued']], ['finished', 10, 10]);
    await assertComplete(bench, id);
  });

  it('goes on with others after a line that fails by a fault of the program, and says which one it is', async () => {
    const bench = await newBench();
    const [first = {}, second = {}, third = {}] = cards(1, 3);
    const refused = JSON.stringify(second).replace('DOCTEUR', 'DOC\\u0000TEUR');
    const id = await submit(bench, [first, '{"broken":', refused, third]);
    const failed: unknown[] = [];
    const { world } = bench;
    const lineForm: typeof world.lineForm = {
      read: (record, requestId) => {
        if (Buffer.from(record.octets).toString('utf8').includes('broken')) throw new Error('planted');
        return world.lineForm.read(record, requestId);
      },
      problemOf: () => {
        throw new Error('planted');
      },
    };
    const log = {
      ...world.log,
      error: (name: string, { order, line }: { readonly order?: unknown; readonly line?: unknown } = {}) =>
        void failed.push([name, order, line]),
    };
    const faulty = { ...bench, world: { ...world, lineForm, log } };
    assert.equal(await workOnce(faulty, id), 'done');
    assert.deepEqual(await outcomesOf(bench, id), ['issued', '-', '-', 'issued']);
    assert.deepEqual(failed, [
      ['order.line-failed', id, 2],
      ['order.line-failed', id, 3],
    ]);
    const { progress } = unwrap(await readOrder(world, CARD_MANAGEMENT, id));
    assert.deepEqual(
      progress.waitingFor.map(({ reason }) => reason),
      ['fault'],
    );
    bench.time.now += 4 * DAY_MS;
    await workUntilDone(faulty, id);
    assert.deepEqual(await outcomesOf(bench, id), ['issued', 'not-issued', 'not-issued', 'issued']);
    assert.equal((await orderOf(bench, id)).state, 'finished');
  });

  it('gives not-issued at the deadline to lines that wait, and leaves those under way to recovery', async () => {
    const bench = await newBench();
    const id = await submit(bench, cards(1, 70), { deadlineMs: DAY_MS });
    // It goes away between the first reservations and their signatures.
    bench.hooks.beforeSignature = async () => void bench.away.add(FORT);
    await workOnce(bench, id);
    bench.hooks.beforeSignature = async () => undefined;
    await changeState(bench, id, { state: 'paused', pausedBy: 'officer-1' });
    bench.time.now += DAY_MS;
    await workUntilDone(bench, id);
    assert.equal((await orderOf(bench, id)).state, 'paused', 'lines are under way');
    assert.deepEqual([...new Set(await outcomesOf(bench, id))].sort(), ['-', 'not-issued']);
    bench.away.clear();
    await recoverOwn(bench);
    await workUntilDone(bench, id);
    assert.equal((await orderOf(bench, id)).state, 'finished');
    assert.deepEqual([...new Set(await outcomesOf(bench, id))].sort(), ['issued', 'not-issued']);
    await assertComplete(bench, id);
  });

  it('gives cancelled to the lines that wait when the order is cancelled', async () => {
    const bench = await newBench();
    const id = await submit(bench, cards(1, 20));
    bench.away.add(FORT);
    await workOnce(bench, id);
    await changeState(bench, id, { state: 'cancelling' });
    await workUntilDone(bench, id);
    const { state, counts } = await orderOf(bench, id);
    assert.deepEqual([state, counts.cancelled], ['cancelled', 20]);
    assert.ok((await linesOf(bench, id)).every(({ cardTokenId }) => cardTokenId !== null));
    await assertComplete(bench, id);
  });

  it('waits while its account has ended, and goes on when the end is moved', async () => {
    const bench = await newBench();
    const id = await submit(bench, cards(1, 80));
    const endAt = async (expiresAt: number | null): Promise<void> =>
      unwrap(await bench.store.transaction((tx) => tx.updateAccount({ ...CARD_MANAGEMENT, expiresAt })));
    const endNow = async (): Promise<void> => {
      await endAt(NOW);
      bench.time.now += 10 * SECOND_MS;
    };
    // No signature comes before it, so that no line ends and makes room for those after the window.
    let ended: Promise<void> | null = null;
    bench.hooks.beforeSignature = () => {
      ended ??= endNow();
      return ended;
    };
    await workOnce(bench, id);
    await workOnce(bench, id);
    const waiting = await orderOf(bench, id);
    assert.equal(waiting.state, 'working');
    assert.ok(waiting.counts.issued < 80 && waiting.counts.refused === 0, JSON.stringify(waiting.counts));
    await endAt(NOW + DAY_MS);
    await workUntilDone(bench, id);
    const { state, counts } = await orderOf(bench, id);
    assert.deepEqual([state, counts.issued], ['finished', 80]);
    await assertComplete(bench, id);
  });

  it('stops within a line when the order is paused, and pauses it when its account is disabled', async () => {
    const bench = await newBench();
    const id = await submit(bench, cards(1, 80));
    let paused: Promise<void> | null = null;
    bench.hooks.beforeSignature = () => {
      paused ??= changeState(bench, id, { state: 'paused', pausedBy: 'card-management' });
      return paused;
    };
    await workOnce(bench, id);
    const { counts, state } = await orderOf(bench, id);
    assert.equal(state, 'paused');
    assert.ok(counts.issued < 80, 'lines that were not reserved wait');
    await changeState(bench, id, { state: 'accepted', pausedBy: null });
    unwrap(await changeAccount(bench.world, { id: CARD_MANAGEMENT.id, change: 'disable' }, { login: 'test' }));
    await workUntilDone(bench, id);
    const stopped = await orderOf(bench, id);
    assert.deepEqual([stopped.state, stopped.pausedBy, stopped.counts.issued], ['paused', 'system', counts.issued]);
    unwrap(await bench.store.transaction((tx) => tx.updateAccount(CARD_MANAGEMENT)));
    await changeState(bench, id, { state: 'accepted', pausedBy: null });
    await workUntilDone(bench, id);
    assert.equal((await orderOf(bench, id)).state, 'finished');
    await assertComplete(bench, id);
  });
});
