/** What people read of the platform, and the lists that officers request. */
import { ok, type Result } from '../../../../src/kernel/result.js';
import { publishCrl } from '../../../../src/operations/crl/publish-crl.js';
import { requestCrl } from '../../../../src/operations/crl/request-crl.js';
import { listJobs } from '../../../../src/operations/nodes/list-jobs.js';
import { listRuns } from '../../../../src/operations/nodes/list-runs.js';
import { readWork } from '../../../../src/operations/overview/read-work.js';
import type { IssuerId } from '../../../../src/ports/signer.js';
import { OFFICER } from '../stage.js';
import type { Answer, Scenario } from './all.js';

const answerOf = (result: Result<unknown, { readonly kind: string }>): Answer => (result.ok ? ok([]) : result);
const CA = 'aci-el-org';

export const PLATFORM: readonly Scenario[] = [
  {
    name: 'list the runs of nodes',
    operation: listRuns,
    run: async ({ world }) => answerOf(await listRuns(world, OFFICER)),
  },
  {
    name: 'list the jobs of nodes',
    operation: listJobs,
    run: async ({ world }) => answerOf(await listJobs(world, OFFICER)),
  },
  {
    name: 'count what is under way',
    operation: readWork,
    run: async ({ world }) => answerOf(await readWork(world, OFFICER)),
  },
  {
    name: 'request a list',
    operation: requestCrl,
    run: async ({ world }) => {
      const context = { world, publishCrl: (issuer: IssuerId) => publishCrl(world, issuer, 'full') };
      return answerOf(await requestCrl(context, OFFICER, { id: CA }));
    },
  },
];
