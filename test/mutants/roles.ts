import { guardsOf, type Mutants } from './mutant.js';

const ROLES_TEST = 'test/integration/service/roles/roles.test.ts';
const JOBS_TEST = 'test/unit/compose/jobs.test.ts';
const requests = guardsOf('src/jobs/lists/list-requests.ts', 'test/integration/jobs/list-requests.test.ts');
const service = guardsOf('src/compose/service.ts', ROLES_TEST);

/** Guards of processes with some of the roles. */
export const ROLES: Mutants = {
  'roles/jobs-of-roles': guardsOf('src/compose/jobs.ts', JOBS_TEST)('A process does the jobs of its roles only.', {
    find: 'job.roles.some((role) => roles.has(role))',
    replace: 'job.roles.length + roles.size > 0',
    title: 'are done by the processes that have one of their roles',
  }),
  'roles/changes-of-others': guardsOf('src/jobs/status/status-poller.ts', JOBS_TEST)(
    'A worker finds the revocations of other processes.',
    {
      find: "roles: ['responder', 'worker'],",
      replace: "roles: ['responder'],",
      title: 'have the periods, leases and roles of these tables',
    },
  ),
  'roles/changes-listed': service('A worker lists the revocations of other processes.', {
    find: 'changed: publishChanges,',
    replace: 'changed: () => undefined,',
    title: 'issues and revokes in one process',
  }),
  'roles/one-process-of-a-role': guardsOf('src/compose/service.ts', ROLES_TEST)(
    'A home folder has one process of each role.',
    {
      find: 'locks: [...roles],',
      replace: 'locks: [],',
      title: 'refuses a second process with the roles',
    },
  ),
  'roles/one-reader': guardsOf('src/compose/responder.ts', ROLES_TEST)(
    'Two responders of one home folder do not save their responses to one file.',
    {
      find: 'locks: [responderName(worker)]',
      replace: 'locks: worker < 99 ? [] : [responderName(worker)]',
      title: 'refuses a second process with the roles',
    },
  ),
  'roles/supervised-needs-all': guardsOf('src/compose/requirements/tokens.ts', ROLES_TEST)(
    'Only a process with all roles starts signers.',
    {
      find: 'if (!isEveryRole(roles)) return [supervisedNeedsAllRoles(home)];',
      replace: 'if (roles.size === 0 || isEveryRole(new Set())) return [supervisedNeedsAllRoles(home)];',
      title: 'does not start signers in a process with some of the roles',
    },
  ),
  'roles/list-of-the-worker': service('A process without the role worker makes no lists.', {
    find: "roles.has('worker') ? publication.crls.publishNow : createPublishByWorker(",
    replace: "roles.has('api') ? publication.crls.publishNow : createPublishByWorker(",
    title: 'answers a request for a list with a new list of the worker',
  }),
  'roles/checkpoints-of-others': guardsOf('src/db/engine/sqlite.ts', 'test/integration/db/shared-file.test.ts')(
    'A process does not take the checkpoints of the others for a damage of the database.',
    {
      find: 'continuity !== undefined && use.othersWrite !== true',
      replace: 'continuity !== undefined',
      title: 'is not damaged by the checkpoints of the other one',
    },
  ),
  'roles/heartbeat-of-a-shared-file': guardsOf('src/compose/nodes/run.ts', 'test/integration/jobs/own-run.test.ts')(
    'Processes that share a SQLite file write heartbeats as often as those that share a server.',
    {
      find: 'isShared: isDatabaseShared(home.config, roles)',
      replace: 'isShared: isDatabaseShared(home.config, roles) && false',
      title: 'is every two seconds where other processes may end the run',
    },
  ),
  'roles/later-mark-stays': guardsOf('src/compose/database/continuity.ts', 'test/unit/compose/continuity.test.ts')(
    'Two processes of one home folder do not take back what it knows of the database.',
    {
      find: 'written.seq > point.seq',
      replace: 'written.seq < 0',
      title: 'keeps the latest point that any of its processes wrote',
    },
  ),
  'roles/request-stays': requests('A request that arrives while a list is made gets a list of its own.', {
    find: 'if (last?.id === request.id) await',
    replace: 'if (last !== null) await',
    title: 'is made again for a request that arrives while one is being made',
  }),
  'roles/full-request-stays': requests('A request for a delta does not replace one for a full list.', {
    find: "waiting?.kind === 'full' ? 'full' : kind",
    replace: 'kind ?? waiting?.kind',
    title: 'stays a full one when a delta is requested too',
  }),
  'roles/refusal-ends-request': requests('A request that a worker refuses is answered and ends.', {
    find: "return failure.kind === 'not-found' || failure.kind === 'state-conflict' ? failure : null;",
    replace: "return failure.kind === 'not-found' && failure.message.fr === '' ? failure : null;",
    title: 'is answered with the refusal of the worker',
  }),
  'roles/request-wait-ends': requests('An officer gets an answer before the load balancer gives up.', {
    find: 'while (steadyMs() < waitUntil) {',
    replace: 'for (let left = waitUntil - steadyMs(); left > 0; left -= 5 * POLL_MS) {',
    title: 'is waited for 45 s, with the time that reading takes',
  }),
  'roles/signers-of-roles': guardsOf('src/compose/signers/reports.ts', ROLES_TEST)(
    'A process is ready without the signers that it does not call.',
    {
      find: 'callersOf(roles).includes(role)',
      replace: 'callersOf(roles).length > 0 || role === null',
      title: 'reports in each process what its role needs',
    },
  ),
  'roles/platform-for-workers': guardsOf('src/compose/signers/plan.ts', ROLES_TEST)(
    'A worker has the platform token sign the receipts of orders.',
    {
      find: "{ name: 'platform', kind: 'platform', roles: ['api', 'worker'] }",
      replace: "{ name: 'platform', kind: 'platform', roles: ['api'] }",
      title: 'reports in each process what its role needs',
    },
  ),
};
