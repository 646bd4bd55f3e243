/** Gives access to the runner to the parts of a process that are created before the runner. */
import type { Runner } from '../runner.js';

/** Before `connect` is called, `wake` does nothing, and `late` returns no jobs. */
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
