/** Limits of accounts. Without them, a stolen key could issue as much as a signer allows. */
import assert from 'node:assert/strict';
import { accountFault, firstHourOf, hourOf, reachedLimit, usedBy } from '../../../src/access/account.js';
import { DAY_MS, HOUR_MS } from '../../../src/kernel/duration.js';

const NOW = Date.UTC(2026, 2, 1, 10, 30);
const UNLIMITED = { perDay: null, perHour: null, inFlight: null };

describe('the quota of an account', () => {
  it('is used by what was counted since the hour and the day began', () => {
    const counted = [-11, -10, -1, 0].map((hour) => ({
      account: 'cards',
      hour: hourOf(NOW) + hour,
      profile: 'fort/cps-signature',
      count: 10,
    }));
    assert.equal(firstHourOf(NOW), hourOf(NOW) - 10);
    assert.deepEqual(usedBy('cards', counted, NOW), { hour: 10, day: 30 });
    assert.deepEqual(usedBy('another', counted, NOW), { hour: 0, day: 0 });
  });

  it('refuses what would exceed it, until the end of the hour or of the day', () => {
    const used = { hour: 3, day: 7 };
    const ask = (limits: object, more: number) => reachedLimit({ ...UNLIMITED, ...limits }, { used, more, now: NOW });
    assert.equal(ask({}, 1_000_000), null);
    assert.equal(ask({ perHour: 5, perDay: 9 }, 2), null);
    const nextHour = Date.UTC(2026, 2, 1, 11);
    assert.deepEqual(ask({ perHour: 5, perDay: 10 }, 3), { limit: 'perHour', max: 5, until: nextHour });
    const nextDay = Date.UTC(2026, 2, 2);
    assert.deepEqual(ask({ perHour: 5, perDay: 9 }, 3), { limit: 'perDay', max: 9, until: nextDay });
  });

  it('ends with the account, at once', () => {
    const account = { disabled: false, expiresAt: NOW };
    assert.equal(accountFault(account, NOW - 1), null);
    assert.equal(accountFault(account, NOW)?.rule, 'account-in-force');
    assert.equal(accountFault({ ...account, expiresAt: null }, NOW + 400 * DAY_MS), null);
    assert.equal(accountFault({ disabled: true, expiresAt: NOW + HOUR_MS }, NOW)?.rule, 'account-enabled');
  });
});
