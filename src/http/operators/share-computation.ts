/**
 * Shares a computation between all callers that need its result while it runs, and for some time
 * afterwards.
 */

/**
 * Returns a function that runs `compute`, or returns the promise of its last run while that is
 * still used. `cacheMs` says for how many milliseconds a result is used after it was computed; it
 * gets null if `compute` has failed, because a failure is used again too.
 */
export function shareComputation<Value>(
  compute: () => Promise<Value>,
  cacheMs: (value: Value | null) => number,
): () => Promise<Value> {
  let current: Promise<Value> | null = null;
  const forgetAfter = (ms: number): void => {
    setTimeout(() => {
      current = null;
    }, ms).unref();
  };
  return () => {
    if (current !== null) return current;
    current = compute();
    current.then(
      (value) => forgetAfter(cacheMs(value)),
      () => forgetAfter(cacheMs(null)),
    );
    return current;
  };
}
