/** Progress messages: one short line a step, with the seconds since the command was started. */

/** Seconds since this process started, as `0.4 s`. */
export function elapsed() {
  return `${process.uptime().toFixed(1)} s`;
}

/** @param {string} line */
export function say(line) {
  process.stdout.write(`pfcng [${elapsed().padStart(7)}] ${line}\n`);
}

/**
 * A step that failed for a reason outside this program: what was tried, what was seen, what to do
 * next.
 */
export class StepFailed extends Error {
  /** @param {{ message: string, seen?: string, next: readonly string[] }} failure */
  constructor({ message, seen = '', next }) {
    super(message);
    this.name = 'StepFailed';
    this.seen = seen;
    this.next = next;
  }
}

/**
 * Prints a failure for the user. Any error but a `StepFailed` is a bug and is printed with its
 * stack.
 * @param {unknown} error
 */
export function explain(error) {
  if (!(error instanceof StepFailed)) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return;
  }
  if (error.seen) process.stderr.write(`\n${indent(error.seen)}\n`);
  process.stderr.write(`\n${error.message}\n`);
  for (const line of error.next) process.stderr.write(`  ${line}\n`);
}

/** @param {string} text */
function indent(text) {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  | ${line}`)
    .join('\n');
}
