/** Writes how many refused requests were only counted, and how many lines the log left out. */
import { SECOND_MS } from '../kernel/duration.js';
import type { Job } from './job.js';

type RequestTrailParts = { readonly requestTrail: { readonly writeCounts: () => Promise<void> } };

export const countRefusedRequests: Job<RequestTrailParts> = {
  name: 'request-trail',
  everyMs: 10 * SECOND_MS,
  leaseDurationMs: null,
  alsoRuns: ['at-stop'],
  prepare: ({ requestTrail }) => ({ run: requestTrail.writeCounts }),
};
