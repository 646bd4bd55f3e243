/**
 * Dry runs. Without this test, a client could send a night's cards off on the word of a dry run and
 * find in the morning that some were refused.
 */
import assert from 'node:assert/strict';
import { deferred } from '../../../hsm/deferred.js';
import type { Policy } from '../../../src/policy/model.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { assertComplete } from '../../support/orders/assert-complete.js';
import {
  CARDS,
  createBench,
  linesOf,
  type OrderBench,
  orderOf,
  outcomesOf,
  resultOf,
  submit,
  workUntilDone,
} from '../../support/orders/order-bench.js';
import { type Body, cardBody, professional, tokenId } from '../../support/service/orders.js';
import { NOW, testPolicy } from '../../unit/policy/fixtures.js';

const cards = (from: number, to: number): readonly Body[] => CARDS.slice(from - 1, to);

/** What becomes of a line in the order itself. */
const NAMES: Readonly<Record<string, string>> = { 'would-be-duplicate': 'duplicate', 'would-issue': 'issued' };

describeOnEach('a dry run', ({ opened }) => {
  async function newBench(policy: Policy = testPolicy()): Promise<OrderBench> {
    return createBench({ store: await opened({ clock: () => NOW }), policy });
  }

  it('leaves nothing but outcomes, which are those of the order itself', async () => {
    const bench = await newBench();
    const [first, second, third] = cards(1, 3);
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    await workUntilDone(bench, await submit(bench, [first]));
    const signed = bench.signed();
    const lines = [first, second, { ...cardBody(2), card: second.card }, '{}', { ...third, holder: professional(999) }];
    const dry = await submit(bench, lines, { dryRun: true });
    const snapshot = () =>
      bench.store.read(async (reads) => ({
        head: await reads.auditHead(),
        minutes: await reads.issuedMinutes({ profiles: ['fort/cps-authentication'], from: 0 }),
        cards: await reads.certificatesOfCards([tokenId(1), tokenId(2), tokenId(3)]),
      }));
    const before = unwrap(await snapshot());
    await workUntilDone(bench, dry);
    const after = unwrap(await snapshot());
    assert.equal(bench.signed(), signed);
    assert.deepEqual([after.cards, after.minutes], [before.cards, before.minutes]);
    const foreseen = await outcomesOf(bench, dry);
    assert.deepEqual(foreseen, ['would-be-duplicate', 'would-issue', 'refused', 'refused', 'would-issue']);
    const real = await submit(bench, lines);
    await workUntilDone(bench, real);
    const names: Readonly<Record<string, string>> = { 'would-be-duplicate': 'duplicate', 'would-issue': 'issued' };
    assert.deepEqual(
      await outcomesOf(bench, real),
      foreseen.map((outcome) => names[outcome] ?? outcome),
    );
    await assertComplete(bench, real);
  });

  it('refuses the lines that clash with earlier ones, with the problem documents of the order itself', async () => {
    const policy = testPolicy();
    const bench = await newBench({ ...policy, environment: { ...policy.environment, cardsOfOneHolder: true } });
    const [first, other, third] = cards(1, 3);
    assert.ok(first !== undefined && other !== undefined && third !== undefined);
    const cardOf = (number: number): Body => ({ tokenId: tokenId(number), product: 'cps' });
    const lines = [
      first,
      first,
      { ...other, card: first.card },
      { ...first, card: cardOf(501) },
      { ...first, card: cardOf(502), holder: other.holder },
      // It is refused, so that its keys are free.
      { ...other, identity: undefined },
      { ...third, requests: other.requests },
      other,
    ];
    // One line at a time: two lines with one key race otherwise.
    const oneByOne = { ...bench, world: { ...bench.world, linesAtOnceMax: () => 1 } };
    const dry = await submit(bench, lines, { dryRun: true });
    await workUntilDone(oneByOne, dry);
    const real = await submit(bench, lines);
    await workUntilDone(oneByOne, real);
    const shown = async (id: string) =>
      (await linesOf(bench, id)).map((one) => [NAMES[one.outcome] ?? one.outcome, resultOf(one).problem]);
    assert.deepEqual(await shown(dry), await shown(real));
    const rules = (await linesOf(bench, dry)).map((one) => {
      const { problem } = resultOf(one);
      return problem?.rule ?? problem?.violations?.[0]?.rule ?? one.outcome;
    });
    assert.deepEqual(rules, [
      'would-issue',
      'card-once-in-order',
      'card-of-one-holder',
      'key-differs',
      'key-of-one-holder',
      'identity-required',
      'would-issue',
      'key-of-one-holder',
    ]);
  });

  it('decides a line again if another one with its key was foreseen meanwhile', async () => {
    const bench = await newBench();
    const { store, world } = bench;
    const [first] = cards(1, 1);
    assert.ok(first !== undefined);
    const id = await submit(bench, [first, { ...first, card: { tokenId: tokenId(501), product: 'cps' } }], {
      dryRun: true,
    });
    const bothDecided = deferred<void>();
    let decided = 0;
    const groupedRead: typeof store.groupedRead = async (...grouped) => {
      const decision = await store.groupedRead(...grouped);
      decided += 1;
      if (decided === 2) bothDecided.resolve();
      await bothDecided.promise;
      return decision;
    };
    const raced = { ...bench, world: { ...world, store: { ...store, groupedRead } } };
    await workUntilDone(raced, id);
    assert.deepEqual((await outcomesOf(bench, id)).toSorted(), ['-', 'would-issue']);
    await workUntilDone(raced, id);
    assert.deepEqual((await outcomesOf(bench, id)).toSorted(), ['refused', 'would-issue']);
    assert.equal((await orderOf(bench, id)).state, 'finished');
  });
});
