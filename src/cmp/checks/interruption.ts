import type { Result } from '../../kernel/result.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { KeyWorkExhausted } from '../protection/key-work.js';

/** Why a message is neither accepted nor refused now: it can be sent again later. */
export type Interruption = KeyWorkExhausted | StoreFailure;

/** Thrown by the look-ups of the checks; `verifyMessage` alone turns it into a value. */
export class Interrupted extends Error {
  readonly interruption: Interruption;
  constructor(interruption: Interruption) {
    super(interruption.kind);
    this.interruption = interruption;
  }
}

/** The value of a look-up, or an `Interrupted` is thrown. */
export function uninterrupted<Value>(result: Result<Value, Interruption>): Value {
  if (!result.ok) throw new Interrupted(result.error);
  return result.value;
}
