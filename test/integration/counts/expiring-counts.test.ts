/**
 * Counts of certificates that end soon. Without these tests, a week could be counted in its
 * neighbour, or an account could learn how many certificates others have.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { outOfScope, subjectOf } from '../../../src/access/decide.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { certify, DAY_MS, intent, NOW } from '../../support/db/records.js';

const EVERYTHING = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
const STATES = [
  { status: 'issued' },
  { status: 'suspended', at: NOW, invalidityDate: null },
  { status: 'revoked', at: NOW, reason: 'superseded', invalidityDate: null },
  { status: 'pending' },
] as const;

/** Weeks since Monday, 5 January 1970, by the calendar of JavaScript. */
function weekOf(at: number): number {
  const monday = new Date(at);
  monday.setUTCHours(0, 0, 0, 0);
  monday.setUTCDate(monday.getUTCDate() - ((monday.getUTCDay() + 6) % 7));
  return Math.round((monday.getTime() - Date.UTC(1970, 0, 5)) / (7 * DAY_MS));
}

describeOnEach('the counts of certificates that end soon', ({ opened }) => {
  it('are those of the rows, by profile and week, and by structure, within the scope and the limit', async () => {
    const store = await opened();
    const records: CertificateRecord[] = [];
    unwrap(
      await store.transaction(async (tx) => {
        for (let number = 1; number <= 60; number += 1) {
          const notAfter = NOW + Math.floor(((number * 37) % 60) / 2) * DAY_MS;
          const profile = number % 3 === 0 ? 'standard/cpe-signature' : 'fort/cps-signature';
          const structureId = number % 4 === 0 ? null : `10B${number % 4}`;
          const record = intent(number, { notAfter, notBefore: NOW - DAY_MS, profile, structureId });
          records.push(await certify(tx, record, STATES[number % 5] ?? STATES[0]));
        }
      }),
    );
    const scopes = fc.constantFrom(
      EVERYTHING,
      { ...EVERYTHING, profiles: ['fort/*'] },
      { ...EVERYTHING, structures: ['10B1'] },
      { ...EVERYTHING, holders: [] },
    );
    const inOrder = [...records].sort((one, other) => one.notAfter - other.notAfter || (one.id < other.id ? -1 : 1));
    await fc.assert(
      fc.asyncProperty(
        scopes,
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 30 }),
        fc.constantFrom(5, 20, 100),
        async (scope, first, days, examinedMax) => {
          const of = { from: NOW + first * DAY_MS, until: NOW + (first + days) * DAY_MS, scope, examinedMax };
          const found = unwrap(await store.read((reads) => reads.countEndingByWeek(of)));
          const inPeriod = inOrder.filter(({ notAfter }) => notAfter >= of.from && notAfter <= of.until);
          const examined = inPeriod.slice(0, examinedMax);
          const counted = examined.filter(
            (record) =>
              (record.state.status === 'issued' || record.state.status === 'suspended') &&
              outOfScope(scope, subjectOf(record)) === null,
          );
          const names = counted.map(({ profile, notAfter }) => `${profile} ${weekOf(notAfter)}`);
          assert.deepEqual(
            found.rows.flatMap(({ profile, week, count }) => Array<string>(count).fill(`${profile} ${week}`)),
            names.sort(),
          );
          assert.equal(found.countedBefore, inPeriod[examinedMax]?.notAfter ?? null);
          const profile = 'fort/cps-signature';
          const structures = unwrap(
            await store.read((reads) => reads.countEndingByStructure({ ...of, profile, limit: 9 })),
          );
          assert.deepEqual(
            structures.rows.flatMap(({ structureId, count }) => Array<string>(count).fill(String(structureId))).sort(),
            counted
              .filter((one) => one.profile === profile)
              .map(({ structureId }) => String(structureId))
              .sort(),
          );
        },
      ),
      { numRuns: 40 },
    );
  });
});
