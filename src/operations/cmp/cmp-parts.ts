/** What all messages of CMP in a process share. */
import type { CheckWorld } from '../../cmp/checks/world.js';
import type { BodyKind, FailInfo } from '../../cmp/model.js';

export type CmpParts = Pick<CheckWorld, 'accountAuthorities' | 'access' | 'keyWork' | 'verifiedClients'> & {
  /** Whether one more answer to a message that was not verified may be signed now. */
  readonly maySignError: () => boolean;
  /**
   * Resolves when a client has waited long enough for its certificate, or when the signal is
   * aborted because the certificate was issued first.
   */
  readonly patience: (signal: AbortSignal) => Promise<void>;
  /** Counts an answer. `failInfo`: null: no failure. */
  readonly answered: (body: BodyKind | 'unreadable', failInfo: FailInfo | null) => void;
  /** Counts an error that has no protection. */
  readonly unprotected: () => void;
};
