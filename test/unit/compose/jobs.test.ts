/**
 * The table of jobs that an auditor reads: a change of a period, a lease or a role must be a
 * conscious one.
 */
import assert from 'node:assert/strict';
import { JOBS } from '../../../src/compose/jobs.js';
import { ROLES } from '../../../src/compose/roles.js';
import type { Job } from '../../../src/jobs/job.js';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';

const BOTH = ['all', 'responder'];
const SERVICE = ['all'];

/** Job, roles, period, and when else it runs. */
const RUN = [
  ['ceremony-lists', SERVICE, 5 * SECOND_MS, []],
  ['clock-watch', SERVICE, 5 * SECOND_MS, ['at-start']],
  ['crls-due', SERVICE, MINUTE_MS, ['at-start']],
  ['end-dead-runs', SERVICE, 3 * SECOND_MS, []],
  // It begins with the run of a process, before the jobs of its role.
  ['heartbeat', [], 2 * SECOND_MS, []],
  ['own-intents', SERVICE, 3 * SECOND_MS, []],
  ['request-trail', SERVICE, 10 * SECOND_MS, ['at-stop']],
  ['responders-adopt', BOTH, MINUTE_MS, []],
  ['save-answers', BOTH, 5 * MINUTE_MS, ['at-stop']],
  ['self-check', SERVICE, 5 * MINUTE_MS, []],
  ['sign-ahead', BOTH, SECOND_MS, []],
  ['status-poller', BOTH, 200, []],
  ['tag-keys', SERVICE, DAY_MS, ['at-start']],
];

/** Job, scope, roles, period, lease, and the time in which a piece of work ends. */
const SHARED = [
  ['horizons', 'cluster', SERVICE, DAY_MS, MINUTE_MS, MINUTE_MS],
  ['idempotency-retention', 'cluster', SERVICE, HOUR_MS, 30 * SECOND_MS, MINUTE_MS],
  ['journal-counts', 'cluster', SERVICE, DAY_MS, MINUTE_MS, 10 * MINUTE_MS],
  ['mass-revocation', 'item', SERVICE, 2 * SECOND_MS, 6 * SECOND_MS, 5 * SECOND_MS],
  ['ocsp-audit', 'item', SERVICE, HOUR_MS, MINUTE_MS, 5 * MINUTE_MS],
  ['reconcile', 'item', SERVICE, HOUR_MS, MINUTE_MS, 5 * MINUTE_MS],
  ['recover-intents', 'cluster', SERVICE, 3 * SECOND_MS, 10 * SECOND_MS, MINUTE_MS],
  ['responder-renewal', 'item', SERVICE, MINUTE_MS, 30 * SECOND_MS, 2 * MINUTE_MS],
];

const ESSENTIAL = [
  'ceremony-lists',
  'clock-watch',
  'crls-due',
  'end-dead-runs',
  'mass-revocation',
  'own-intents',
  'recover-intents',
  'responder-renewal',
];

describe('the jobs of the roles', () => {
  const jobs: readonly Job<never>[] = Object.values(JOBS);
  const rolesOf = (job: Job<never>): readonly string[] =>
    Object.entries(ROLES).flatMap(([role, row]) => (row.jobs.some(({ name }) => name === job.name) ? [role] : []));

  it('have the periods, leases and roles of these tables', () => {
    const run = jobs.flatMap((job) =>
      job.scope === 'run' ? [[job.name, rolesOf(job), job.everyMs, job.alsoRuns]] : [],
    );
    assert.deepEqual(run, RUN);
    const shared = jobs.flatMap((job) =>
      job.scope === 'run' ? [] : [[job.name, job.scope, rolesOf(job), job.everyMs, job.leaseDurationMs, job.budgetMs]],
    );
    assert.deepEqual(shared, SHARED);
    assert.deepEqual(
      jobs.flatMap(({ name, isEssential }) => (isEssential ? [name] : [])),
      ESSENTIAL,
    );
  });

  it('have the name under which they are listed', () => {
    assert.deepEqual(
      jobs.map(({ name }) => name),
      Object.keys(JOBS),
    );
  });

  it('have leases of an hour at most, and names that fit into the name of a lease', () => {
    for (const job of jobs) {
      if (job.scope !== 'run') assert.ok(job.leaseDurationMs <= HOUR_MS, job.name);
      assert.ok(job.name.length <= 27, job.name);
    }
  });
});
