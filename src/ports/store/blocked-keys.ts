/** Keys that officers have blocked: no certificate is issued for them any more. */
import type { Instant } from '../../kernel/clock.js';

export type BlockedKey = {
  readonly spkiSha256: string;
  readonly at: Instant;
  /** Account id of the officer. */
  readonly actor: string;
  readonly reason: string;
};

export type BlockedKeyReads = {
  /** Returns which of these keys an officer has blocked. */
  readonly blockedKeys: (spkiSha256s: readonly string[]) => Promise<readonly BlockedKey[]>;
  /**
   * Returns which of these keys others know: a certificate with the key was revoked for
   * compromise, or an officer has blocked the key. It returns no certificate records, because one
   * key may have many.
   */
  readonly compromisedKeys: (spkiSha256s: readonly string[]) => Promise<readonly string[]>;
};

export type BlockedKeyWrites = {
  readonly insertBlockedKey: (key: BlockedKey) => Promise<void>;
  readonly deleteBlockedKey: (spkiSha256: string) => Promise<void>;
};
