/** What a check of CMP messages is (`list.ts` has them in their order). */
import type { FailInfo } from '../model.js';
import type { CheckContext } from './context.js';

export type CheckId =
  | `A${2 | 3}`
  | `B${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12}`
  | `C${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`;

/**
 * null: the message passes. `refused`: `text` is an English sentence for the client. `repeated`: it
 * is answered as it was before, and no further checks are made.
 */
type Verdict = null | { readonly refused: FailInfo; readonly text: string } | 'repeated';

export type Check = {
  readonly id: CheckId;
  readonly examine: (context: CheckContext) => Verdict | Promise<Verdict>;
};

export function refused(failInfo: FailInfo, text: string): Verdict {
  return { refused: failInfo, text };
}
