/**
 * The pace of orders below the hourly caps of profiles. Otherwise a large order would take the cap
 * of a profile: single requests would be refused for an hour, and the alarm that shows a stolen
 * service would mean nothing.
 */
import assert from 'node:assert/strict';
import { createRateCaps } from '../../../hsm/signer/rate-caps.js';
import { deleteIssuanceMinutes } from '../../../src/jobs/orders/issuance-minutes.js';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { RESERVE_INTENTS, type Reservation } from '../../../src/operations/issuance/reserve.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { intent, NOW } from '../../support/db/records.js';
import { reservation } from '../../support/db/reservations.js';
import { withRun } from '../../support/db/runs.js';
import { sharedWorldOf, workDue } from '../../support/job-run.js';

const PROFILE = 'fort/cps-authentication';
const CAP = 1_000;
const LINES = 3_000;
const WINDOW = 64;
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

  it('of 3,000 cards never reach a cap of 1,000 an hour, and single requests of the profile go on', async function storm() {
    const signer = createRateCaps({});
    const issued: number[] = [];
    let [left, waitsUntil, singles] = [LINES, START, 0];
    const sign = (): void => {
      const taken = signer.take({ profile: PROFILE, perHourMax: CAP }, now);
      assert.ok(taken.ok, `the signer refuses after ${issued.length} certificates`);
      issued.push(now);
    };
    while (left > 0) {
      const isWaiting = now < waitsUntil;
      const lines = Array.from({ length: isWaiting ? 1 : Math.min(WINDOW, left) }, line);
      const outcomes = await reserve([...lines, request(null)]);
      assert.equal(outcomes.at(-1)?.kind, 'reserved', 'a single request');
      for (const outcome of outcomes) {
        if (outcome.kind === 'reserved') sign();
        else {
          assert.ok(outcome.kind === 'refused' && outcome.clash.kind === 'signer-unavailable');
          assert.equal(outcome.clash.profile, PROFILE);
          waitsUntil = Math.max(waitsUntil, now + outcome.clash.retryAfterMs);
        }
      }
      const reserved = outcomes.filter(({ kind }) => kind === 'reserved').length - 1;
      if (isWaiting) assert.equal(reserved, 0, 'a line has no room before the time that it was given');
      const inTheHour = issued.filter((at) => at > now - HOUR_MS).length;
      if (reserved > 0) assert.ok(inTheHour <= CAP * 0.8 + 1, `${inTheHour} certificates in an hour`);
      singles += 1;
      left -= reserved;
      now = now < waitsUntil ? Math.min(waitsUntil, now + MINUTE_MS) : now + SECOND_MS;
    }
    assert.equal(issued.length, LINES + singles);
    assert.equal(await counted(), issued.length);
  });

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
    assert.deepEqual(await workDue(deleteIssuanceMinutes, {}, sharedWorldOf(store)), ['done']);
    assert.equal(await counted(), 1);
    now += MINUTE_MS;
    assert.deepEqual(await workDue(deleteIssuanceMinutes, {}, sharedWorldOf(store)), ['done']);
    assert.equal(await counted(), 0);
  });
});
