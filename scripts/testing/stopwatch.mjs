import { appendFileSync } from 'node:fs';
import { cpuSeconds } from './cpu-time.mjs';

/**
 * Measures the test files of one process, if the environment variable PFCNG_TEST_TIMES names a
 * file: a line for each with the processor time, the time, the moment of its end (all in seconds),
 * the process, and the name.
 * @param {number | undefined} pid
 */
export function stopwatch(pid) {
  const { PFCNG_TEST_TIMES: times } = process.env;
  if (times === undefined || pid === undefined) return { ended: () => undefined };
  let before = { cpu: cpuSeconds(pid), at: performance.now() / 1000 };
  return {
    /** @param {string | null} file null: none was running */
    ended: (file) => {
      const now = { cpu: cpuSeconds(pid), at: performance.now() / 1000 };
      const figures = [now.cpu - before.cpu, now.at - before.at, now.at].map((figure) => figure.toFixed(1));
      if (file !== null) appendFileSync(times, `${[...figures, pid, file].join('\t')}\n`);
      before = now;
    },
  };
}
