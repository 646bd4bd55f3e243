import { guardsOf, type Mutants } from './mutant.js';

const RUNNER = 'test/integration/jobs/runner.test.ts';
const RUNNER_QUEUE = 'test/integration/jobs/runner-queue.test.ts';
const RUNNER_MODEL = 'test/integration/jobs/runner-model.test.ts';
const ANY_HISTORY = 'does in every history of three processes what a simple model does';

const lease = guardsOf('src/jobs/runner/renewed-lease.ts', RUNNER);
const piece = guardsOf('src/jobs/runner/attempt.ts', RUNNER);
const schedule = guardsOf('src/jobs/runner/schedule.ts', RUNNER);

/** Guards of the runner of jobs. */
export const JOBS: Mutants = {
  'jobs/token-checked': lease('Each transaction of a job checks the token of its lease.', {
    find: 'if (await tx.isLeaseCurrent(lease)) return work(tx);',
    replace: 'if ((await tx.isLeaseCurrent(lease)) || lease !== null) return work(tx);',
    title: 'rolls back what a paused holder writes after another has taken its lease',
  }),
  'jobs/groups-checked': lease('A grouped transaction of a job checks the token too.', {
    find: 'groupedTransaction: async ({ run }, item) =>\n        transaction(',
    replace: 'groupedTransaction: async ({ run }, item) =>\n        store.transaction(',
    title: 'rolls back what a paused holder writes after another has taken its lease',
  }),
  'jobs/end-checked': piece('A holder that lost its lease does not change the schedule.', {
    find: 'if (!(await tx.isLeaseCurrent(lease))) return false;',
    replace: 'await tx.isLeaseCurrent(lease);',
    title: 'rolls back what a paused holder writes after another has taken its lease',
  }),
  'jobs/not-renewed-for-ever': lease('A lease is not renewed after the budget of its work.', {
    find: 'if (wasTaken || askedAt - terms.askedAt > budgetMs) return;',
    replace: 'if (wasTaken || askedAt - terms.askedAt > 2 * budgetMs) return;',
    title: 'renews a lease during the work, and not after the budget',
  }),
  'jobs/due-by-schedule': piece('An item is worked on when its time has come, and not before.', {
    find: "if (mayBeginAt(stored, { now, everyMs, woken }) > now) return err('not-due');",
    replace: 'mayBeginAt(stored, { now, everyMs, woken });',
    title: 'repeats what failed after 1 s, 2 s, 4 s and so on',
  }),
  'jobs/due-read': guardsOf('src/db/tables/nodes/jobs.ts', RUNNER_QUEUE)(
    'What is stored of an item that is due is read, however many items are due.',
    {
      find: 'for (const batch of statementBatches(items).map(padToPowerOfTwo)) {',
      replace: 'for (const batch of statementBatches(items).slice(0, 1).map(padToPowerOfTwo)) {',
      title: 'finds what is stored of each item that is due, of more than one statement takes',
    },
  ),
  'jobs/failed-here-waits': guardsOf('src/jobs/runner/shared-job.ts', RUNNER_QUEUE)(
    'A node on which the work of an item fails leaves it to the others first.',
    {
      find: "if (end === 'failed') failedHere.set(item, null);",
      replace: "if (end === 'failed') failedHere.delete(item);",
      title: 'leaves what failed here to other processes first',
    },
  ),
  'jobs/woken-after-a-throw': guardsOf('src/jobs/runner/shared-job.ts', RUNNER_QUEUE)(
    'Items that were woken are not forgotten when the due items cannot be read.',
    {
      find: '      wakeAgain();\n      throw error;',
      replace: '      throw error;',
      title: 'keeps the items that were woken when the due items cannot be read',
    },
  ),
  'jobs/essential-work-apart': guardsOf('src/jobs/runner.ts', RUNNER_QUEUE)(
    'Other work that hangs delays no essential work.',
    {
      find: 'return isEssential ? pools.essential : pools.other;',
      replace: 'return isEssential ? pools.other : pools.other;',
      title: 'does essential work while other work hangs',
    },
  ),
  'jobs/retired-before-closing': guardsOf('src/jobs/runner.ts', RUNNER_QUEUE)(
    'A process that stops asks its work to end before it closes its addresses.',
    {
      find: "if (job.scope !== 'run') void running.stop();",
      replace: "if (job.scope === 'run' && running.everyMs < 0) void running.stop();",
      title: 'begins nothing more when it retires',
    },
  ),
  'jobs/errors-without-values': schedule('The text of an unexpected error is not stored.', {
    find: 'if (error instanceof JobFailed)',
    replace: 'if (error instanceof Error)',
    title: 'stores no text of an error that may have personal data',
  }),
  'jobs/failures-as-stored': guardsOf('src/jobs/runner/attempt.ts', 'test/integration/jobs/list-requests.test.ts')(
    'A request during a failing piece of work begins without the failures before it.',
    {
      find: 'const stored = await tx.job({ job: job.name, item });',
      replace: 'const stored = before;',
      title: 'begins without the failures of the request before it',
    },
  ),
  'jobs/wakes-after-failures': guardsOf('src/jobs/runner/schedule.ts', RUNNER_MODEL)(
    'A wake does not shorten the pause after a failure.',
    {
      find: 'if (woken && failures === 0) return now;',
      replace: 'if (woken) return now;',
      title: ANY_HISTORY,
    },
  ),
  'jobs/loss-noticed': guardsOf('src/jobs/runner/renewed-lease.ts', RUNNER_MODEL)(
    'A holder whose lease was taken by another knows it after its next renewal.',
    {
      find: '    else wasTaken = true;\n  };',
      replace: '  };',
      title: ANY_HISTORY,
    },
  ),
  'jobs/journal-with-new-lines': guardsOf(
    'src/jobs/journals/reconcile.ts',
    'test/integration/jobs/journal-due.test.ts',
  )('A journal without new lines is not compared again, so idle nodes write nothing for it.', {
    find: 'compared.get(item) !== stateOf(',
    replace: "compared.get('') !== stateOf(",
    title: 'are compared again only when they have new lines',
  }),
  'jobs/journal-of-older-database': guardsOf(
    'src/jobs/journals/reconcile.ts',
    'test/integration/jobs/journal-due.test.ts',
  )('Journals are compared again after an older database was put in place.', {
    find: "position?.sha256 ?? ''",
    replace: "position === undefined ? end : ''",
    title: 'are compared again after an older database was put in place',
  }),
  'jobs/lease-of-each-item': guardsOf('src/jobs/runner/attempt.ts', 'test/integration/jobs/mass-revocations.test.ts')(
    'Each item has a lease of its own.',
    {
      find: "return item === '' ? job :",
      replace: 'return item.length >= 0 ? job :',
      title: 'run at once on two nodes',
    },
  ),
  'jobs/nothing-past-a-lease': guardsOf(
    'src/jobs/journals/journal-counts.ts',
    'test/integration/jobs/lost-leases.test.ts',
  )('A job writes under its lease only.', {
    find: '    await leased.transaction(async (tx) => {',
    replace: '    await (store as unknown as typeof leased).transaction(async (tx) => {',
    title: 'leaves nothing of the work of',
  }),
  'jobs/four-at-once': guardsOf('src/jobs/runner/pool.ts', RUNNER_QUEUE)(
    'A process does four pieces of work at once.',
    {
      find: 'if (running.size >= atOnceMax) return;',
      replace: 'if (running.size >= 2 * atOnceMax) return;',
      title: 'ends the work in progress when it stops, gives its lease back, and begins nothing more',
    },
  ),
};
