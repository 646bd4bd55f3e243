/** What all messages of CMP in a process share. */
import type { CheckWorld } from '../../cmp/checks/world.js';
import type { BodyKind, FailInfo } from '../../cmp/model.js';
import type { FailurePace } from '../../cmp/protection/failure-pace.js';

export type Patience = {
  /** Resolves when the client has waited long enough. */
  readonly over: Promise<void>;
  /** Stops the waiting, because the certificate was issued first. */
  readonly end: () => void;
};

export type CmpParts = Pick<CheckWorld, 'accountAuthorities' | 'access' | 'keyWork' | 'verifiedClients'> & {
  /** Delays the messages of networks whose last ones could not be verified. */
  readonly pace: FailurePace;
  /** Whether one more answer to a message that was not verified may be signed now. */
  readonly maySignError: () => boolean;
  /** Begins to wait for as long as a client waits for its certificate. */
  readonly patience: () => Patience;
  /** Counts an answer. `failInfo`: null: no failure. */
  readonly answered: (body: BodyKind | 'unreadable', failInfo: FailInfo | null) => void;
  /** Counts an error that has no protection. */
  readonly unprotected: () => void;
};
