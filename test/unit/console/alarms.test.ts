/** What the home page asks people to do. Without it, an alarm could be silent or never end. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { alarmsOf } from '../../../src/console/pages/home/alarms.js';
import type { HomeData } from '../../../src/console/pages/home/data.js';
import { DAY_MS, HOUR_MS } from '../../../src/kernel/duration.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { READINESS_PARTS, type Readiness } from '../../../src/ports/readiness.js';
import { READY_PARTS } from '../../support/monitoring/readiness.js';

const NOW = Date.UTC(2026, 2, 1);

type Work = NonNullable<HomeData['platform']>['work'];

const QUIET: Work = {
  orders: { byState: {}, oldestAt: null, unsignedAt: null },
  updates: { byState: {}, undeterminedSince: null },
  approvals: [],
  deadDeliveries: 0,
  now: NOW,
};

const data = (parts: Readiness['parts'] | null, work: Partial<Work> = {}): HomeData => ({
  now: NOW,
  authorities: [],
  readiness: parts === null ? null : { ready: true, state: 'ready', parts },
  platform: { work: { ...QUIET, ...work }, runs: { runs: [], now: NOW } },
  flow: null,
});

const ALL_RIGHT: Readiness['parts'] = { ...READY_PARTS, horizons: { 'aci-fo-pp': 'open' } };

describe('the alarms of the home page', () => {
  it('are none when all is right', () => {
    assert.deepEqual(alarmsOf(data(ALL_RIGHT)), []);
  });

  it('name what is wrong, and its part of the platform', () => {
    const parts = { ...ALL_RIGHT, signers: { 'ca-fort': 'locked' }, outlets: { web: 'down: HTTP 500' } };
    const [first, second] = alarmsOf(data(parts));
    assert.match(first?.says.fr ?? '', /ca-fort .*locked/);
    assert.match(first?.todo.en ?? '', /pfcng signer unlock ca-fort/);
    assert.match(second?.says.en ?? '', /web .*HTTP 500/);
  });

  it('come from every part that can be wrong, without a place that was not filled', () => {
    const wrong = Object.fromEntries(READINESS_PARTS.map((part) => [part, 'broken']));
    const alarms = alarmsOf(data(wrong));
    assert.equal(alarms.length, READINESS_PARTS.length - ['groups', 'horizons', 'staleSeconds', 'crls'].length);
    for (const { says, todo } of alarms) assert.doesNotMatch([says.fr, says.en, todo.fr, todo.en].join(), /[{}]/);
  });

  it('have a list of a partition, and of a CA that has none', () => {
    assert.equal(alarmsOf(data({ ...ALL_RIGHT, crls: { 'aci-fo-pp full-7': 'expired' } })).length, 1);
  });

  it('come from work that waits too long', () => {
    const orders = { byState: { working: 1 }, oldestAt: NOW - 2 * DAY_MS, unsignedAt: NOW - 2 * HOUR_MS };
    const updates = { byState: { undetermined: 3 }, undeterminedSince: NOW };
    const alarms = alarmsOf(data(ALL_RIGHT, { orders, updates, deadDeliveries: 4 }));
    assert.deepEqual(
      alarms.map(({ tone }) => tone),
      ['bad', 'warn', 'warn', 'warn'],
    );
    assert.match(alarms.map(({ says }) => says.en).join(), /cards: 3.*not accepted: 4/);
  });

  it('say that the state was not known, and lead to pages of the runbook that exist', () => {
    const wrong = Object.fromEntries(READINESS_PARTS.map((part) => [part, 'broken']));
    const orders = { byState: {}, oldestAt: 0, unsignedAt: 0 };
    const work = { orders, updates: { byState: { undetermined: 1 }, undeterminedSince: 0 }, deadDeliveries: 1 };
    for (const { runbook } of [...alarmsOf(data(null)), ...alarmsOf(data(wrong, work))])
      assert.ok(existsSync(join(packageRoot(), 'ops', `${runbook}.md`)), runbook);
    assert.equal(alarmsOf(data(null)).length, 1);
  });
});
