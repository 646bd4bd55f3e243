import type { Job } from '../../src/jobs/job.js';
import { present } from '../../src/kernel/assert.js';

/** The run of a job, which a test calls instead of waiting for a timer. */
export function runOf<Parts>(job: Job<Parts>, parts: Parts): () => Promise<void> {
  return present(job.prepare(parts), `work of ${job.name}`).run;
}
