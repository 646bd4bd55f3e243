/**
 * The pace of orders below the hourly caps of profiles. Otherwise a large order would take the cap
 * of a profile: single requests would be refused for an hour, and the alarm that shows a stolen
 * service would mean nothing. PFCNG_PACED_LINES is the number of lines of an order.
 */
import assert from 'node:assert/strict';
import { createRateCaps } from '../../../hsm/signer/rate-caps.js';
import { deleteOldIssuanceCountsJob } from '../../../src/jobs/orders/issuance-minutes.js';
import { present } from '../../../src/kernel/assert.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { issueCertificates } from '../../../src/operations/issuance/issue.js';
import { RESERVE_INTENTS, type Reservation } from '../../../src/operations/issuance/reserve.js';
import { readOrder } from '../../../src/operations/orders/read.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { intent, NOW } from '../../support/db/records.js';
import { reservation } from '../../support/db/reservations.js';
import { withRun } from '../../support/db/runs.js';
import { sharedWorldOf, workDue } from '../../support/job-run.js';
import { assertComplete } from '../../support/orders/assert-complete.js';
import {
  CARD_MANAGEMENT,
  createBench,
  orderOf as storedOrder,
  submit,
  workUntilDone,
} from '../../support/orders/order-bench.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { type Body, orderOf } from '../../support/service/orders.js';
import { testPolicy } from '../../unit/policy/fixtures.js';

const PROFILE = 'fort/cps-authentication';
const CAP = 1_000;
const LINES = Number(process.env.PFCNG_PACED_LINES ?? 90);
/** An order has three times as many lines as the signer of its profile signs in an hour. */
const CAP_OF_ORDER = Math.floor(LINES / 3);
/** So often a client asks for one certificate of the profile. */
const SINGLE_MS = 20 * MINUTE_MS;
const STEP_MS = 5 * MINUTE_MS;
/** Not at the beginning of a minute, so that an hour is not sixty whole minutes. */
const START = Math.floor(NOW / MINUTE_MS) * MINUTE_MS + 50 * SECOND_MS;

describeOnEach('lines of orders', ({ opened }) => {
  let now: number;
  let store: Store;
  let made: number;

  beforeEach(async () => {
    now = START;
    made = 0;
    store = await withRun(await opened({ clock: () => now }));
  });

  const request = (paceCaps: Reservation['paceCaps']): Reservation => {
    made += 1;
    return { ...reservation(intent(made)), paceCaps, now, clock: () => now };
  };
  const line = (): Reservation => request(new Map([[PROFILE, CAP * 0.8]]));
  const reserve = async (requests: readonly Reservation[]) =>
    unwrap(await store.transaction((tx) => RESERVE_INTENTS.run(tx, requests)));
  const counted = async (): Promise<number> => {
    const minutes = unwrap(await store.read((reads) => reads.issuedMinutes({ profiles: [PROFILE], from: 0 })));
    return minutes.reduce((sum, { count }) => sum + count, 0);
  };

  it('count with what single requests have taken, and a line with two certificates gets both or none', async () => {
    const single = Array.from({ length: 797 }, () => request(null));
    await reserve(single);
    const twice = (): Reservation => {
      const [one, other] = [line(), line()];
      const applications = [...one.applications, ...other.applications];
      return { ...one, applications, records: [...one.records, ...other.records] };
    };
    const kinds = (await reserve([twice(), twice(), line(), request(null)])).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['reserved', 'refused', 'reserved', 'reserved']);
    assert.equal(await counted(), 801);
  });

  it('that are refused are not counted, and counts are deleted after two hours', async () => {
    const record = intent(1);
    const other = { ...reservation(intent(2, { spkiSha256: record.spkiSha256, holderId: 'other' })), now };
    const kinds = (await reserve([{ ...reservation(record), now }, other])).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['reserved', 'refused']);
    assert.equal(await counted(), 1);
    now += 2 * HOUR_MS;
    assert.deepEqual(await workDue(deleteOldIssuanceCountsJob, {}, sharedWorldOf(store)), ['done']);
    assert.equal(await counted(), 1);
    now += MINUTE_MS;
    assert.deepEqual(await workDue(deleteOldIssuanceCountsJob, {}, sharedWorldOf(store)), ['done']);
    assert.equal(await counted(), 0);
  });
});

describeOnEach('an order of more cards than the cap of its profile', ({ opened }) => {
  const policy = testPolicy();
  const profile = present(policy.profiles.get(PROFILE), PROFILE);
  const profiles = new Map([...policy.profiles, [PROFILE, { ...profile, certificatesPerHourMax: CAP_OF_ORDER }]]);
  const bodyWithOneRequest = (number: number): Body => {
    const { holder, card, identity } = orderOf(PROFILE, number);
    return { holder, card, identity, requests: [{ profile: PROFILE, csr: makeCsr(makeKey()) }] };
  };

  it(`never reaches the cap with ${LINES} lines, says what it waits for, and single requests go on`, async function paced() {
    this.timeout(HOUR_MS);
    const time = { now: START };
    const bench = await createBench({
      store: await opened({ clock: () => time.now }),
      time,
      policy: { ...policy, profiles },
    });
    const caps = createRateCaps({});
    const signed: number[] = [];
    bench.hooks.beforeSignature = async () => {
      const taken = caps.take({ profile: PROFILE, perHourMax: CAP_OF_ORDER }, time.now);
      assert.ok(taken.ok, `the signer refuses and raises its alarm after ${signed.length} certificates`);
      signed.push(time.now);
    };
    const id = await submit(
      bench,
      Array.from({ length: LINES }, (_, at) => bodyWithOneRequest(at + 1)),
    );
    let singles = 0;
    for (;;) {
      await workUntilDone(bench, id);
      const order = await storedOrder(bench, id);
      if (order.state === 'finished') break;
      const { progress } = unwrap(await readOrder(bench.world, CARD_MANAGEMENT, id));
      const waits = progress.waitingFor.map(({ reason, profile: full }) => [reason, full]);
      assert.deepEqual(waits, [['pace', PROFILE]], `${order.counts.issued} lines are issued`);
      assert.ok(progress.estimatedEnd === null || progress.estimatedEnd > time.now);
      if ((time.now - START) % SINGLE_MS === 0) {
        singles += 1;
        const body = utf8(JSON.stringify(bodyWithOneRequest(LINES + singles)));
        const { applications } = unwrap(bench.world.lineForm.read({ kind: 'whole', octets: body }, 'r'));
        unwrap(await issueCertificates(bench.world, { account: CARD_MANAGEMENT, applications, idempotency: null }));
      }
      time.now += STEP_MS;
      assert.ok(time.now < START + DAY_MS, `${order.counts.issued} of ${LINES} lines after a day`);
    }
    const { counts } = await storedOrder(bench, id);
    assert.deepEqual([counts.issued, signed.length], [LINES, LINES + singles]);
    assert.ok(time.now - START > 3 * HOUR_MS, 'more than three hours');
    await assertComplete(bench, id);
  });
});
