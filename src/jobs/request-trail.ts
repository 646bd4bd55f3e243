/**
 * Writes to the audit log how many refused requests had no entry of their own, and to the log how
 * many requests had no line because there were too many.
 */
import { SECOND_MS } from '../kernel/duration.js';
import type { RunJob } from './job.js';

type RequestTrailParts = { readonly requestTrail: { readonly writeCounts: () => Promise<void> } };

export const writeRequestCountsJob: RunJob<RequestTrailParts> = {
  name: 'request-trail',
  scope: 'run',
  roles: ['api', 'console'],
  everyMs: 10 * SECOND_MS,
  isEssential: false,
  alsoRuns: ['at-stop'],
  prepare: ({ requestTrail }) => ({ run: requestTrail.writeCounts }),
};
