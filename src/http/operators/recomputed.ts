/**
 * Shares a computation between all who ask for its result while it is in progress, and for some
 * time afterwards.
 */

/**
 * `keptMs`: how long a result is used after it was computed, in milliseconds. A failure is passed
 * as null.
 */
export function recomputed<Value>(
  compute: () => Promise<Value>,
  keptMs: (value: Value | null) => number,
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
      (value) => forgetAfter(keptMs(value)),
      () => forgetAfter(keptMs(null)),
    );
    return current;
  };
}
