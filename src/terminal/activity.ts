/**
 * Shows on a terminal that a command works: from two seconds on without output, a line with the
 * time that has passed. Whatever is written next replaces this line. It goes to standard error, so
 * that results stay as they are; a pipe gets none of it.
 */
const QUIET_MS = 2_000;
const PERIOD_MS = 1_000;
const SECOND_MS = 1_000;

type Output = { readonly isTTY?: boolean; readonly write: (text: string) => unknown };

type Activity = {
  /** Called before anything else is written: removes the line, and waits for two seconds again. */
  readonly clear: () => void;
  /** Shows no line any more, because a person types, or because the command has ended. */
  readonly stop: () => void;
};

const NONE: Activity = { clear: () => undefined, stop: () => undefined };

let current: Activity = NONE;

/** The activity of the command that runs in this process. */
export function activity(): Activity {
  return current;
}

/**
 * `label`: what is being done, such as `pfcng relint`. `steadyMs`: milliseconds of a monotonic
 * clock.
 */
export function startActivity(label: string, steadyMs: () => number, output: Output = process.stderr): Activity {
  if (output.isTTY !== true) return NONE;
  const began = steadyMs();
  let quietSince = began;
  let isShown = false;
  const clear = (): void => {
    quietSince = steadyMs();
    if (isShown) output.write('\r\u001b[K');
    isShown = false;
  };
  const timer = setInterval(() => {
    const now = steadyMs();
    if (!isShown && now - quietSince < QUIET_MS) return;
    isShown = true;
    output.write(`\r\u001b[K${label}: ${Math.floor((now - began) / SECOND_MS)} s`);
  }, PERIOD_MS);
  // The timer must not keep the process alive when the work of the command has ended.
  timer.unref();
  current = {
    clear,
    stop: () => {
      clearInterval(timer);
      clear();
      current = NONE;
    },
  };
  return current;
}
