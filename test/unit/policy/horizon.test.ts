import assert from 'node:assert/strict';
import fc from 'fast-check';
import { currentHorizons, horizonStates, warnOfHorizonsDailyJob } from '../../../src/jobs/horizons.js';
import { formatInstant } from '../../../src/kernel/clock.js';
import { HORIZON_NEAR_MS, horizonOf } from '../../../src/policy/horizon.js';
import type { Profile } from '../../../src/policy/model.js';
import { lastInstantOf } from '../../../src/policy/plan/validity.js';
import type { Issuer } from '../../../src/x509/model.js';
import { NO_CMP_SIGNERS } from '../../support/cmp/cmp-signers.js';
import { workWithoutLease } from '../../support/job-run.js';
import { testIssuer, testPolicy } from './fixtures.js';

const policy = testPolicy();
const issuer = testIssuer(policy, 'aci-fo-pp');
const SECOND_MS = 1_000;

/** When a profile with this validity is shortened by an authority that ends at `notAfter`. */
function shortened(notAfter: number, life: Profile['validity']): number {
  const profile = { ...(policy.profiles.get('fort/cps-signature') as Profile), validity: life };
  const only = { ...policy, profiles: new Map([[profile.id, profile]]) };
  return horizonOf(only, { ...issuer, notAfter }).shortensFrom.get(profile.id) ?? Number.NaN;
}

describe('the horizon of an authority', () => {
  it('has each of its profiles and no other, and no responders', () => {
    const { shortensFrom, notAfter } = horizonOf(policy, issuer);
    assert.deepEqual([...shortensFrom.keys()], ['fort/cps-authentication', 'fort/cps-signature']);
    assert.equal(notAfter, issuer.notAfter);
  });

  it('begins a second after the last certificate with its whole validity, also across a leap day', () => {
    const end = (text: string): number => Date.parse(text);
    const cases = [
      ['2033-04-30T23:59:59Z', { years: 3 }, '2030-05-01T00:00:01Z'],
      ['2033-04-30T23:59:59Z', { days: 30 }, '2033-04-01T00:00:01Z'],
      // A validity that begins on one of the last two days of February 2029 ends in 2032 before the
      // leap day.
      ['2032-02-28T23:59:59Z', { years: 3 }, '2029-03-01T00:00:00Z'],
    ] as const;
    for (const [notAfter, life, expected] of cases)
      assert.equal(formatInstant(shortened(end(notAfter), life)), expected, notAfter);
  });

  it('is exact for any end and validity', () => {
    const life = fc.oneof(
      fc.record({ years: fc.integer({ min: 1, max: 6 }) }),
      fc.record({ days: fc.integer({ min: 1, max: 2_200 }) }),
    );
    const second = fc.integer({ min: Date.UTC(2033, 0) / SECOND_MS, max: Date.UTC(2060, 0) / SECOND_MS });
    fc.assert(
      fc.property(second, life, (end, asked) => {
        const notAfter = end * SECOND_MS;
        const from = shortened(notAfter, asked);
        assert.ok(lastInstantOf(from, asked) > notAfter);
        assert.ok(lastInstantOf(from - SECOND_MS, asked) <= notAfter);
      }),
    );
  });

  it('is logged a year ahead and when it has come, with the profiles concerned', async () => {
    const issuers = { current: (id: string) => (id === 'aci-fo-pp' ? issuer : null) };
    const first = Math.min(...horizonOf(policy, issuer).shortensFrom.values());
    const logged = async (now: number) => {
      const lines: unknown[] = [];
      const log = {
        info: () => undefined,
        warn: (event: string, fields?: unknown) => lines.push([event, fields]),
        error: (event: string, fields?: unknown) => lines.push([event, fields]),
      };
      const parts = { policy, issuers: issuers as never, cmpSigners: NO_CMP_SIGNERS, clock: () => now, log };
      await workWithoutLease(warnOfHorizonsDailyJob, parts);
      return { lines, states: horizonStates(currentHorizons(policy, issuers), now) };
    };
    const date = formatInstant(first);
    const fields = {
      issuer: issuer.id,
      notAfter: formatInstant(issuer.notAfter),
      profiles: { 'fort/cps-authentication': date, 'fort/cps-signature': date },
    };
    assert.deepEqual(await logged(first - HORIZON_NEAR_MS - 1), { lines: [], states: { 'aci-fo-pp': 'open' } });
    assert.deepEqual(await logged(first - HORIZON_NEAR_MS), {
      lines: [['horizon.near', fields]],
      states: { 'aci-fo-pp': 'near' },
    });
    assert.deepEqual(await logged(first), {
      lines: [['horizon.shortens', fields]],
      states: { 'aci-fo-pp': 'shortens' },
    });
  });

  it('of an authority without profiles of holders never begins', () => {
    const organisations: Issuer = testIssuer(policy, 'aci-fo-org');
    const issuers = { current: (id: string) => (id === 'aci-fo-org' ? organisations : null) };
    assert.deepEqual(horizonStates(currentHorizons(policy, issuers), organisations.notAfter), { 'aci-fo-org': 'open' });
  });
});
