/**
 * The table of jobs that an auditor reads: a change of a period, a lease or a role must be a
 * conscious one.
 */
import assert from 'node:assert/strict';
import { JOBS } from '../../../src/compose/jobs.js';
import { readingProcess } from '../../../src/compose/responder.js';
import { parseRoles } from '../../../src/compose/roles.js';
import { writingProcess } from '../../../src/compose/service.js';
import type { Job } from '../../../src/jobs/job.js';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { createInteractiveWork } from '../../../src/kernel/interactive-work.js';

const WRITERS = ['api', 'worker', 'console'];
const WORKER = ['worker'];
const RESPONDER = ['responder'];

/** Job, roles, period, and when else it runs. */
const RUN = [
  ['acknowledgements', WORKER, HOUR_MS, ['at-start']],
  ['ceremony-lists', WORKER, 5 * SECOND_MS, []],
  ['clock-watch', WRITERS, 5 * SECOND_MS, ['at-start']],
  ['end-dead-runs', WORKER, 3 * SECOND_MS, []],
  // It begins with the run of a process, before its other jobs.
  ['heartbeat', WRITERS, 2 * SECOND_MS, []],
  ['home-lists', WORKER, SECOND_MS, ['at-start']],
  ['own-intents', WRITERS, 3 * SECOND_MS, []],
  ['request-trail', ['api', 'console'], 10 * SECOND_MS, ['at-stop']],
  ['responders-adopt', RESPONDER, MINUTE_MS, []],
  ['save-answers', RESPONDER, 5 * MINUTE_MS, ['at-stop']],
  ['sign-ahead', RESPONDER, SECOND_MS, []],
  ['status-poller', ['responder', 'worker'], 200, []],
  ['tag-keys', WRITERS, DAY_MS, ['at-start']],
  ['uploads', ['api', 'worker'], 3 * SECOND_MS, ['at-start']],
];

/** Job, scope, roles, period, lease, and the time in which a piece of work ends. */
const SHARED = [
  ['approvals-expire', 'cluster', WORKER, MINUTE_MS, 30 * SECOND_MS, MINUTE_MS],
  ['campaign-dates', 'item', WORKER, 2 * SECOND_MS, 6 * SECOND_MS, 5 * SECOND_MS],
  ['campaign-population', 'item', WORKER, 2 * SECOND_MS, 15 * SECOND_MS, 20 * SECOND_MS],
  ['cmp-transactions', 'cluster', WORKER, 10 * SECOND_MS, 30 * SECOND_MS, MINUTE_MS],
  ['crl', 'item', WORKER, MINUTE_MS, 30 * SECOND_MS, 10 * MINUTE_MS],
  ['daily-counts', 'cluster', WORKER, MINUTE_MS, 30 * SECOND_MS, MINUTE_MS],
  ['expiring', 'cluster', WORKER, HOUR_MS, 30 * SECOND_MS, MINUTE_MS],
  ['horizons', 'cluster', WORKER, DAY_MS, MINUTE_MS, MINUTE_MS],
  ['idempotency-retention', 'cluster', WORKER, HOUR_MS, 30 * SECOND_MS, MINUTE_MS],
  ['issuance-minutes', 'cluster', WORKER, HOUR_MS, 30 * SECOND_MS, MINUTE_MS],
  ['journal', 'item', WORKER, MINUTE_MS, MINUTE_MS, 5 * MINUTE_MS],
  ['journal-counts', 'cluster', WORKER, DAY_MS, MINUTE_MS, 10 * MINUTE_MS],
  ['list-requests', 'item', WORKER, SECOND_MS, 30 * SECOND_MS, 5 * MINUTE_MS],
  ['mass-revocation', 'item', WORKER, 2 * SECOND_MS, 6 * SECOND_MS, 5 * SECOND_MS],
  ['ocsp-audit', 'item', WORKER, HOUR_MS, MINUTE_MS, 5 * MINUTE_MS],
  ['order', 'item', WORKER, SECOND_MS, 10 * SECOND_MS, MINUTE_MS],
  ['order-end', 'item', WORKER, SECOND_MS, 15 * SECOND_MS, 30 * MINUTE_MS],
  ['order-parts', 'cluster', WORKER, 10 * SECOND_MS, 30 * SECOND_MS, MINUTE_MS],
  ['outbox-retention', 'cluster', WORKER, HOUR_MS, 30 * SECOND_MS, MINUTE_MS],
  ['outlet', 'item', WORKER, 30 * SECOND_MS, 30 * SECOND_MS, 10 * MINUTE_MS],
  ['recover-intents', 'cluster', WORKER, 3 * SECOND_MS, 10 * SECOND_MS, MINUTE_MS],
  ['registrations', 'cluster', WORKER, HOUR_MS, 30 * SECOND_MS, MINUTE_MS],
  ['replacements-due', 'cluster', WORKER, 10 * SECOND_MS, 30 * SECOND_MS, MINUTE_MS],
  ['responder-renewal', 'item', WORKER, MINUTE_MS, 30 * SECOND_MS, 2 * MINUTE_MS],
  ['self-check', 'cluster', WORKER, 5 * MINUTE_MS, 30 * SECOND_MS, 2 * MINUTE_MS],
  ['updates-due', 'cluster', WORKER, 10 * SECOND_MS, 30 * SECOND_MS, MINUTE_MS],
  ['webhook-fan-out', 'cluster', WORKER, SECOND_MS, 10 * SECOND_MS, 30 * SECOND_MS],
  ['webhook-send', 'item', WORKER, SECOND_MS, 30 * SECOND_MS, MINUTE_MS],
];

const ESSENTIAL = [
  'campaign-dates',
  'ceremony-lists',
  'clock-watch',
  'crl',
  'end-dead-runs',
  'list-requests',
  'mass-revocation',
  'own-intents',
  'recover-intents',
  'responder-renewal',
  'updates-due',
  'uploads',
  'webhook-fan-out',
];

const NO_WORK = createInteractiveWork(() => 0);

describe('the jobs of the roles', () => {
  const jobs: readonly Job<never>[] = Object.values(JOBS);

  it('have the periods, leases and roles of these tables', () => {
    const run = jobs.flatMap((job) => (job.scope === 'run' ? [[job.name, job.roles, job.everyMs, job.alsoRuns]] : []));
    assert.deepEqual(run, RUN);
    const shared = jobs.flatMap((job) =>
      job.scope === 'run' ? [] : [[job.name, job.scope, job.roles, job.everyMs, job.leaseDurationMs, job.budgetMs]],
    );
    assert.deepEqual(shared, SHARED);
    assert.deepEqual(
      jobs.flatMap(({ name, isEssential }) => (isEssential ? [name] : [])),
      ESSENTIAL,
    );
  });

  it('are done by the processes that have one of their roles, after the heartbeat', () => {
    const names = (list: readonly Job<never>[]): readonly string[] => list.map(({ name }) => name);
    const later = jobs.filter(({ name }) => name !== 'heartbeat');
    for (const text of ['api', 'worker', 'api,responder', 'api,worker', 'responder,worker', 'all']) {
      const roles = parseRoles(text);
      assert(roles.ok);
      const wanted = later.filter((job) => job.roles.some((role) => roles.value.has(role)));
      assert.deepEqual(names(writingProcess(roles.value, NO_WORK).jobs), names(wanted), text);
    }
    const ofResponders = later.filter((job) => job.roles.some((role) => role === 'responder'));
    assert.deepEqual(names(readingProcess(0).jobs), names(ofResponders));
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
