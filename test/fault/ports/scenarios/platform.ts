/** What people read of the platform, the lists that officers request, and CMP answers. */
import { present } from '../../../../src/kernel/assert.js';
import { ok, type Result } from '../../../../src/kernel/result.js';
import { createCmpSigner } from '../../../../src/operations/cmp/cmp-signers.js';
import { publishCrl } from '../../../../src/operations/crl/publish-crl.js';
import { requestCrl } from '../../../../src/operations/crl/request-crl.js';
import { listJobs } from '../../../../src/operations/nodes/list-jobs.js';
import { listRuns } from '../../../../src/operations/nodes/list-runs.js';
import { readWork } from '../../../../src/operations/overview/read-work.js';
import type { IssuerId } from '../../../../src/ports/signer.js';
import { protectedPart } from '../../../support/cmp/protected-part.js';
import { NOW } from '../../../support/db/records.js';
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
    name: 'have a CMP answer signed',
    operation: createCmpSigner,
    run: async ({ world }) => {
      const { subject, sign } = present(world.cmpSigners.of(CA), CA);
      return answerOf(await sign(protectedPart({ sender: subject, at: NOW })));
    },
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
