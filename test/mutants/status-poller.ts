import { guardsOf, type Mutants } from './mutant.js';

const statuses = guardsOf('src/operations/status/ocsp-statuses.ts', 'test/integration/ocsp/never-back.test.ts');
const poller = guardsOf('src/jobs/status/status-poller.ts', 'test/integration/jobs/status-poller.test.ts');

/** Guards of what a process knows of the statuses that others change. */
export const STATUS_POLLER: Mutants = {
  'ocsp/polled-often': poller('Other processes know a revocation within a second.', {
    find: 'everyMs: 200,',
    replace: 'everyMs: 2_000,',
    title: 'is run five times a second',
  }),
  'ocsp/heartbeat-stands-still': poller('A server whose heartbeat stands still is behind.', {
    find: 'return Math.max(now - value, steady - last.since);',
    replace: 'return now - value;',
    title: 'is as old as a heartbeat that stands still',
  }),
  'ocsp/stale-database': statuses('What a database that is behind calls good is tryLater.', {
    find: 'return isStale(world) && statuses.some(',
    replace: 'return statuses.length === 0 && statuses.some(',
    title: 'is tryLater from a standby that is behind for longer than',
  }),
  'ocsp/replica-waited-for': poller('A server that lacks the newest change is waited for.', {
    find: 'freshness !== null && head.seq',
    replace: 'freshness === null && head.seq',
    title: 'waits for a server that lacks the newest change',
  }),
  'ocsp/replica-not-for-ever': poller('A server that has later heartbeats without a change is another database.', {
    find: 'began - heartbeatMs <= wanted.seenAt',
    replace: 'heartbeatMs >= 0',
    title: 'until its heartbeats show that it is another database',
  }),
  'ocsp/primary-without-commits': poller('A primary without commits that were confirmed is behind.', {
    find: 'commitMs <= WRITE_AGE_MS_MAX ? 0 : commitMs',
    replace: 'commitMs <= WRITE_AGE_MS_MAX ? 0 : 0',
    title: 'is as old as the newest heartbeat, and as the newest commit that was confirmed',
  }),
  'ocsp/replica-lacks-what-was-read': poller('A server that lacks a change which was read elsewhere is not current.', {
    find: 'changes === null || head.seq < wanted.seq',
    replace: 'changes === null',
    title: 'knows no server as current that lacks a change which was read elsewhere',
  }),
  'ocsp/status-without-change': statuses('A status that was read without a known change is not good.', {
    find: 'lastChange < wanted && !statuses.every(isFinal)',
    replace: 'lastChange < 0 && !statuses.every(isFinal)',
    title: 'is not good from a server that lacks a change which another one',
  }),
  'ocsp/change-shown-while-waiting': guardsOf(
    'src/operations/status/ocsp-statuses.ts',
    'test/integration/ocsp/queued-reads.test.ts',
  )('A change that was shown while a read waited for its turn is known.', {
    find: 'const wanted = asked.map(({ newestChange }) => newestChange());',
    replace: 'const wanted = asked.map(() => 0);',
    title: 'are not good from a server that lacks a change which another answer has shown meanwhile',
  }),
  'ocsp/status-shows-change': statuses('A change that a status has shown is known.', {
    find: 'changes?.sawChange(lastChange);',
    replace: '',
    title: 'is not good from a server that lacks a change which another one',
  }),
  'ocsp/same-number-other-change': poller('The number of another change shows another database.', {
    find: 'one.seq === other.seq && one.issuer === other.issuer && one.serial === other.serial && one.at === other.at',
    replace: 'one.seq === other.seq',
    title: 'reports another database where a backup was restored',
  }),
  'ocsp/many-changes': poller('More changes than one page are all reported.', {
    find: 'if (changes.length === CHANGES_MAX) continue;',
    replace: '',
    title: 'reports many changes of one transaction',
  }),
  'ocsp/commits-are-shown': guardsOf('src/jobs/clock-watch.ts', 'test/integration/jobs/clock-watch.test.ts')(
    'Each node writes the time of its commits for those that read the database.',
    {
      find: 'await tx.setMark(COMMITTED_MARK, String(database.now));',
      replace: '',
      title: 'shows to all that read the database when it was last written',
    },
  ),
  'nodes/heartbeat-of-live-runs': guardsOf('src/db/engine/freshness.ts', 'test/integration/jobs/runs.test.ts')(
    'An ended run of a clock that was ahead does not hide the heartbeats of others.',
    {
      find: 'from runs where ended_at is null',
      replace: 'from runs',
      title: 'and is told to stop when others have ended it',
    },
  ),
};
