/** Access to the runner for those that are created before it. */
import type { Runner } from '../runner.js';

/** Before the runner is connected, nothing is due. */
export type RunnerAccess = Pick<Runner, 'wake' | 'late'> & { readonly connect: (runner: Runner) => void };

export function createRunnerAccess(): RunnerAccess {
  let connected: Runner | null = null;
  return {
    connect: (runner) => {
      connected = runner;
    },
    wake: (job, item) => connected?.wake(job, item),
    late: () => connected?.late() ?? {},
  };
}
