/** The files of ceremonies in the home folder: a port, which `src/compose` implements. */
import type { VerifyFault } from '../../ceremony/verify/model.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';

export type CeremonyFolder = {
  /** Ids of the ceremonies that have a plan or a transcript, in their order. */
  readonly ids: () => readonly string[];
  /** The lines of a transcript, without their ends. */
  readonly lines: (id: string) => Result<readonly string[], VerifyFault>;
  /**
   * A file by its path relative to the home folder. null: there is none, it is too large, or a link
   * leads out of the folder.
   */
  readonly read: (path: string) => Bytes | null;
};
