/**
 * Thrown when an assumption of our own code is broken. Input never causes it: reading input returns
 * a `Result`.
 */
export class AssertionFailed extends Error {
  override readonly name = 'AssertionFailed';
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFailed(message);
}

/**
 * Returns a value that the types cannot prove to exist: `present(map.get(id), 'issuer of a stored
 * certificate')`.
 */
export function present<Value>(value: Value | null | undefined, what: string): Value {
  assert(value !== null && value !== undefined, `missing: ${what}`);
  return value;
}

/** Closes a `switch` over a union: a forgotten variant does not compile. */
export function unreachable(value: never): never {
  throw new AssertionFailed(`unreachable: ${JSON.stringify(value)}`);
}
