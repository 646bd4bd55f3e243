/** Writes how many refused requests were only counted, and how many lines the log left out. */
import { SECOND_MS } from '../kernel/duration.js';
import type { RunJob } from './job.js';

type RequestTrailParts = { readonly requestTrail: { readonly writeCounts: () => Promise<void> } };

export const countRefusedRequests: RunJob<RequestTrailParts> = {
  name: 'request-trail',
  scope: 'run',
  roles: ['api', 'console'],
  everyMs: 10 * SECOND_MS,
  isEssential: false,
  alsoRuns: ['at-stop'],
  prepare: ({ requestTrail }) => ({ run: requestTrail.writeCounts }),
};
