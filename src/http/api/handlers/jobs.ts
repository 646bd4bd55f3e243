import { ok } from '../../../kernel/result.js';
import { listJobs as listJobStates } from '../../../operations/nodes/list-jobs.js';
import type { Handler } from '../handler.js';
import { renderJobs } from '../render-jobs.js';

export const listJobs: Handler = async ({ world }, { account }) => {
  const jobs = await listJobStates(world, account);
  return jobs.ok ? ok({ jobs: renderJobs(jobs.value) }) : jobs;
};
