/**
 * Progress on standard output. At a terminal it is one line that is replaced; in a pipe or a file
 * each line stays, so there are fewer of them.
 */
import { activity } from './activity.js';

type ProgressLine = {
  /** `line`: the current state. A pipe or a file gets it at most once per `PIPE_PERIOD_MS`. */
  readonly show: (line: string) => void;
  /** Shows the last line. */
  readonly end: (line: string) => void;
};

/** The time between two lines that stay. */
const PIPE_PERIOD_MS = 10_000;

type Output = {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => unknown;
};

/** Stops the activity line of the command. `steadyMs`: milliseconds of a monotonic clock. */
export function createProgressLine(steadyMs: () => number, output: Output = process.stdout): ProgressLine {
  activity().stop();
  if (output.isTTY === true) {
    // A line that wraps would not be replaced as a whole. `columns` is 0 if the width is unknown.
    const columns = output.columns || 80;
    const replace = (line: string): void => void output.write(`\r\u001b[K${line.slice(0, columns - 1)}`);
    return {
      show: replace,
      end: (line) => {
        replace('');
        output.write(`${line}\n`);
      },
    };
  }
  let last = '';
  let nextAt = Number.NEGATIVE_INFINITY;
  const print = (line: string): void => {
    if (line !== last) output.write(`${line}\n`);
    last = line;
    nextAt = steadyMs() + PIPE_PERIOD_MS;
  };
  return {
    show: (line) => {
      if (steadyMs() >= nextAt) print(line);
    },
    end: print,
  };
}
