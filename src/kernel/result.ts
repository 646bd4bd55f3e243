/**
 * Expected failures are values. A bug throws through `assert`; everything else that can go wrong is
 * returned in a `Result`.
 */
export type Result<Value, Failure> = Ok<Value> | Err<Failure>;
type Ok<Value> = { readonly ok: true; readonly value: Value };
type Err<Failure> = { readonly ok: false; readonly error: Failure };

export function ok<Value>(value: Value): Ok<Value> {
  return { ok: true, value };
}

export function err<Failure>(error: Failure): Err<Failure> {
  return { ok: false, error };
}
