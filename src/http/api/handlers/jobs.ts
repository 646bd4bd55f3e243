import { decideAccess } from '../../../access/decide.js';
import { ok } from '../../../kernel/result.js';
import type { Handler } from '../handler.js';
import { readJobs } from '../render-jobs.js';

export const listJobs: Handler = async ({ world }, { account }) => {
  const permitted = decideAccess(account, 'read-nodes', null);
  if (!permitted.ok) return permitted;
  const jobs = await world.store.read(readJobs);
  return jobs.ok ? ok({ jobs: jobs.value }) : jobs;
};
