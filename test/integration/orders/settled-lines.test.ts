/**
 * Lines of orders in the transactions that they share with requests. Without these guards a line
 * could get two outcomes, certificates without an outcome, or a second owner.
 */
import assert from 'node:assert/strict';
import { giveUpClaims } from '../../../src/operations/issuance/give-up-claims.js';
import { RESERVE_INTENTS, type Reservation } from '../../../src/operations/issuance/reserve.js';
import { type SignedRequest, STORE_SIGNATURES } from '../../../src/operations/issuance/store-signatures.js';
import { LINE_OUTCOME } from '../../../src/operations/orders/lines/line-outcome.js';
import { lineClaim } from '../../../src/orders/progress.js';
import { settledLine } from '../../../src/orders/results.js';
import type { Lease } from '../../../src/ports/store/leases.js';
import type { Order } from '../../../src/ports/store/orders.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { intent, NOW } from '../../support/db/records.js';
import { reservation } from '../../support/db/reservations.js';
import { withRun } from '../../support/db/runs.js';
import { CARD_MANAGEMENT, changeState, linesOf, orderOf, submit } from '../../support/orders/order-bench.js';

type Case = { readonly store: Store; readonly order: Order; readonly lease: Lease };

const [FIRST, SECOND] = ['first', 'second'];

describeOnEach('lines of orders', ({ opened }) => {
  /** A working order of three lines, and its lease. */
  async function working(): Promise<Case> {
    const store = await withRun(await opened());
    unwrap(await store.transaction((tx) => tx.insertAccount(CARD_MANAGEMENT)));
    const id = await submit({ store, time: { now: NOW } }, ['{}', '{}', '{}']);
    await changeState({ store, time: { now: NOW } }, id, { state: 'working' });
    const lease = await takeLease(store, id, FIRST ?? '');
    return { store, order: await orderOf({ store }, id), lease };
  }

  async function takeLease(store: Store, id: string, holder: string): Promise<Lease> {
    const name = `order/${id}`;
    const lease = await store.transaction(async (tx) => {
      const held = await tx.takeLease({ name, holder, durationMs: 10_000 });
      if (held !== null || holder === FIRST) return held;
      // The other holder was silent for longer than its lease.
      await tx.endLease({ name, holder: FIRST ?? '', fencingToken: 1 });
      return tx.takeLease({ name, holder, durationMs: 10_000 });
    });
    const taken = unwrap(lease);
    assert.ok(taken);
    return taken;
  }

  /** A line with two certificates of one card. */
  function lineOf({ order, lease }: Case, line: number, number = 10 * line): Reservation {
    const claim = lineClaim(order.accountId, { orderId: order.id, line });
    const cardTokenId = `8025000001/${2_600_000_000 + line}`;
    const records = [number, number + 1].map((one) => intent(one, { cardTokenId, claim, holderId: `8${line}` }));
    const [first] = records;
    assert.ok(first);
    const base = reservation(first);
    const applications = records.flatMap(() =>
      base.applications.map((one) => ({ ...one, order: { ...one.order, card: null } })),
    );
    return {
      ...base,
      applications,
      records,
      claim: { claim, bodySha256: 'b'.repeat(64) },
      line: { orderId: order.id, line, lease },
    };
  }

  async function reserved(store: Store, ...lines: readonly Reservation[]): Promise<readonly string[]> {
    const outcomes = unwrap(await store.transaction((tx) => RESERVE_INTENTS.run(tx, lines)));
    return outcomes.map(({ kind }) => kind);
  }

  function signedOf(order: Order, { records, line }: Reservation): SignedRequest {
    assert.ok(line);
    const card = records[0]?.cardTokenId ?? null;
    return {
      signed: records.map((record) => ({ record, signature: Uint8Array.of(1) })),
      actor: `account:${order.accountId}`,
      requestId: undefined,
      now: NOW,
      claim: records[0]?.claim ?? null,
      line: settledLine(line, { outcome: 'issued', card, certificates: [] }, NOW),
    };
  }

  async function sign(store: Store, ...requests: readonly SignedRequest[]) {
    return unwrap(await store.transaction((tx) => STORE_SIGNATURES.run(tx, requests)));
  }

  async function isClaimed(store: Store, { claim }: Reservation): Promise<boolean> {
    assert.ok(claim);
    const [found] = unwrap(await store.read((reads) => reads.peekClaims([claim])));
    return found?.kind !== 'claimed';
  }

  async function countOf(store: Store): Promise<number> {
    const found = await store.read(async (reads) => {
      const records = await reads.certificatesOfCards([1, 2, 3].map((line) => `8025000001/${2_600_000_000 + line}`));
      return records.length;
    });
    return unwrap(found);
  }

  it('are reserved under the lease of their order', async () => {
    const one = await working();
    assert.deepEqual(await reserved(one.store, lineOf(one, 1), lineOf(one, 2)), ['reserved', 'reserved']);
    assert.equal(await countOf(one.store), 4);
  });

  it('are not reserved when another process has taken the lease', async () => {
    const one = await working();
    await takeLease(one.store, one.order.id, SECOND ?? '');
    const line = lineOf(one, 1);
    assert.deepEqual(await reserved(one.store, line), ['in-progress']);
    assert.deepEqual([await countOf(one.store), await isClaimed(one.store, line)], [0, false]);
  });

  it('are not reserved when their order was paused or cancelled', async () => {
    const one = await working();
    for (const changes of [
      { state: 'paused', pausedBy: 'officer-1' },
      { state: 'cancelling', pausedBy: null },
    ] as const) {
      await changeState({ store: one.store, time: { now: NOW } }, one.order.id, changes);
      assert.deepEqual(await reserved(one.store, lineOf(one, 1)), ['in-progress']);
    }
    assert.equal(await countOf(one.store), 0);
  });

  it('have their outcome, the counts and no claim any more in the commit of their signatures', async () => {
    const one = await working();
    const line = lineOf(one, 1);
    await reserved(one.store, line);
    assert.equal(await isClaimed(one.store, line), true);
    await sign(one.store, signedOf(one.order, line));
    const { counts } = await orderOf(one, one.order.id);
    assert.deepEqual(
      (await linesOf(one, one.order.id)).map(({ line: number, outcome }) => [number, outcome]),
      [[1, 'issued']],
    );
    assert.deepEqual([counts.issued, await isClaimed(one.store, line)], [1, false]);
  });

  it('are not reserved again when they have their outcome', async () => {
    const one = await working();
    await reserved(one.store, lineOf(one, 1));
    await sign(one.store, signedOf(one.order, lineOf(one, 1)));
    assert.deepEqual(await reserved(one.store, lineOf(one, 1, 30)), ['in-progress']);
    assert.equal(await countOf(one.store), 2);
  });

  it('get one outcome when a request and its recovery store signatures', async () => {
    const one = await working();
    const line = lineOf(one, 1);
    await reserved(one.store, line);
    await sign(one.store, signedOf(one.order, line), signedOf(one.order, line));
    await sign(one.store, signedOf(one.order, line));
    assert.equal((await orderOf(one, one.order.id)).counts.issued, 1);
  });

  it('are not-issued from the commit on that gives up one of their intents', async () => {
    const one = await working();
    const line = lineOf(one, 1);
    await reserved(one.store, line);
    const [revoked] = line.records;
    assert.ok(revoked);
    unwrap(
      await one.store.transaction(async (tx) => {
        const state = { status: 'revoked', at: NOW, reason: 'unspecified', invalidityDate: null } as const;
        const details = { id: revoked.id, issuer: revoked.issuer, serial: revoked.serial, state };
        const [auditSeq = 0] = await tx.appendAudit([
          { at: NOW, type: 'certificate.revoked', actor: 'account:officer-1', details },
        ]);
        await tx.setState(revoked.id, state, { at: NOW, actor: 'account:officer-1', auditSeq });
        await giveUpClaims(tx, [revoked], NOW);
      }),
    );
    assert.deepEqual(
      (await linesOf(one, one.order.id)).map(({ outcome, cardTokenId }) => [outcome, cardTokenId]),
      [['not-issued', revoked.cardTokenId]],
    );
    assert.equal(await isClaimed(one.store, line), false);
    // The signatures come late, and release nothing.
    assert.deepEqual(await sign(one.store, signedOf(one.order, line)), [null]);
    const { counts } = await orderOf(one, one.order.id);
    assert.deepEqual([counts.issued, counts['not-issued']], [0, 1]);
  });

  describe('that need no signature', () => {
    const refused = ({ order, lease }: Case, line: number) => {
      const leased = { orderId: order.id, line, lease };
      const settled = settledLine(leased, { outcome: 'refused', card: null, problem: {} }, NOW);
      return { line: leased, settled, keys: [], clock: () => NOW };
    };
    const stored = async ({ store }: Case, ...outcomes: readonly ReturnType<typeof refused>[]) =>
      unwrap(await store.transaction((tx) => LINE_OUTCOME.run(tx, outcomes)));

    it('get their outcome once', async () => {
      const one = await working();
      assert.deepEqual(await stored(one, refused(one, 1), refused(one, 2)), [true, true]);
      assert.deepEqual(await stored(one, refused(one, 1), refused(one, 3)), [false, true]);
      assert.equal((await orderOf(one, one.order.id)).counts.refused, 3);
    });

    it('get none under a lease that another process has taken', async () => {
      const one = await working();
      await takeLease(one.store, one.order.id, SECOND ?? '');
      assert.deepEqual(await stored(one, refused(one, 1)), [false]);
      assert.deepEqual(await linesOf(one, one.order.id), []);
    });

    it('get none while their intents are open', async () => {
      const one = await working();
      await reserved(one.store, lineOf(one, 1));
      assert.deepEqual(await stored(one, refused(one, 1)), [false]);
      assert.deepEqual(await linesOf(one, one.order.id), []);
    });
  });
});
