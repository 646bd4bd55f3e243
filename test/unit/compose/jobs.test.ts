/**
 * The table of jobs that an auditor reads: a change of a period, a lease or a role must be a
 * conscious one.
 */
import assert from 'node:assert/strict';
import { ROLES } from '../../../src/compose/roles.js';
import type { Job } from '../../../src/jobs/job.js';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';

const DAY_MS = 24 * HOUR_MS;

const TABLE = [
  // Job, roles, period, lease, and when else it runs.
  ['status-poller', ['all', 'responder'], 200, null, []],
  ['responders', ['all'], MINUTE_MS, 5 * MINUTE_MS, ['at-start']],
  ['sign-ahead', ['all', 'responder'], SECOND_MS, null, []],
  ['save-answers', ['all', 'responder'], 5 * MINUTE_MS, null, ['at-stop']],
  ['recover-intents', ['all'], 3 * SECOND_MS, null, []],
  ['crls-due', ['all'], MINUTE_MS, 5 * MINUTE_MS, ['at-start']],
  ['mass-revocations', ['all'], 2 * SECOND_MS, 6 * SECOND_MS, []],
  ['ceremony-lists', ['all'], 5 * SECOND_MS, null, []],
  ['self-check', ['all'], 5 * MINUTE_MS, null, []],
  ['clock-watch', ['all'], 5 * SECOND_MS, null, ['at-start']],
  ['horizons', ['all'], DAY_MS, null, ['at-start']],
  ['tag-keys', ['all'], DAY_MS, null, ['at-start']],
  ['reconcile', ['all'], HOUR_MS, null, []],
  ['ocsp-audit', ['all'], HOUR_MS, null, ['at-stop']],
  ['journal-counts', ['all'], DAY_MS, null, ['at-start']],
  ['request-trail', ['all'], 10 * SECOND_MS, null, ['at-stop']],
  ['idempotency-retention', ['all'], HOUR_MS, null, []],
  ['responders-adopt', ['responder'], MINUTE_MS, null, []],
];

describe('the jobs of the roles', () => {
  it('have the periods, leases and roles of this table', () => {
    const roles = new Map<string, string[]>();
    const jobs = new Map<string, Job<never>>();
    for (const [role, row] of Object.entries(ROLES))
      for (const job of row.jobs) {
        jobs.set(job.name, job);
        roles.set(job.name, [...(roles.get(job.name) ?? []), role]);
      }
    const found = [...jobs.values()].map(({ name, everyMs, leaseDurationMs, alsoRuns }) => [
      name,
      roles.get(name),
      everyMs,
      leaseDurationMs,
      alsoRuns,
    ]);
    assert.deepEqual(found, TABLE);
  });
});
