/** Steps that keep the keys of a token from being lost with it: its back-up, and another token made of that. */
import type { Bilingual } from '../bilingual.js';

/**
 * Who copies. `files`: the ceremony, the files of a software token, in which keys are enciphered under its PINs. `vendor`: the HSM, with
 * the tools of its maker; the operator is shown what to do, and the ceremony waits.
 */
export type CopiedBy<ByFiles> =
  | ({ readonly by: 'files' } & ByFiles)
  | { readonly by: 'vendor'; readonly instructions: Bilingual };

export type TokenStep =
  | {
      readonly do: 'back-up-token';
      readonly token: string;
      /** All that it has, by their labels. */
      readonly keys: readonly string[];
      readonly copy: CopiedBy<{ readonly output: string }>;
      /** The record of the back-up: public, and what a restoration is held to. */
      readonly output: string;
    }
  | {
      readonly do: 'restore-token';
      readonly token: string;
      readonly keys: readonly string[];
      readonly record: string;
      /** Of the record, which knows the hash of the copy; `*` in rehearsals only. */
      readonly recordSha256: string;
      readonly copy: CopiedBy<{ readonly from: string }>;
      readonly output: string;
    };

export type TokenStepOf<Kind extends TokenStep['do']> = Extract<TokenStep, { readonly do: Kind }>;
