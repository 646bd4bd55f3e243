import type { CmpFault, FailInfo } from './model.js';

/** A fault that is answered with an error message. `text`: one English sentence or more. */
export function errorFault(failInfo: FailInfo, ...text: readonly string[]): CmpFault {
  return { failInfo, text, at: 'error' };
}

/** A fault that is answered with a rejection in ip, cp, kup or rp (RFC 9483 3.6.2). */
export function bodyFault(failInfo: FailInfo, ...text: readonly string[]): CmpFault {
  return { failInfo, text, at: 'body' };
}
