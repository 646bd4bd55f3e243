import type { Bytes } from '../kernel/bytes.js';
import type { Policy } from '../policy/model.js';
import type { IssuerId, Signer } from '../ports/signer.js';
import type { Store } from '../ports/store.js';
import type { Clock, Log, Random } from '../ports/world.js';
import type { BlockedKeys } from '../x509/keys/blocked-keys.js';
import type { Issuer } from '../x509/model.js';
import type { Writers } from './writers.js';

/** The certification authorities of this platform, in all their generations, from their certificates. */
export type Issuers = {
  /** The generation of an issuing CA that issues now; null when its ceremony has not been held. */
  readonly current: (authority: string) => Issuer | null;
  readonly byId: (id: IssuerId) => Issuer | null;
  readonly all: () => readonly Issuer[];
  /** DER certificates from the issuer itself up to its root. */
  readonly chain: (id: IssuerId) => readonly Bytes[];
};

/** What every operation may use. Real ones come from `src/compose/service.ts`. */
export type World = {
  readonly policy: Policy;
  readonly issuers: Issuers;
  /**
   * Issuing CAs whose roots have revoked them, with the reason: they issue nothing more. It is required: a
   * role that forgot it would issue from a revoked CA.
   */
  readonly revokedIssuers: ReadonlyMap<IssuerId, string>;
  /** Keys that are certified for nobody, from lists; those that officers blocked are in the store. */
  readonly blockedKeys: Pick<BlockedKeys, 'has'>;
  readonly store: Store;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Those of tests that err; a service has none but `WRITERS`. */
  readonly writers?: Writers;
  /** The rules that something of ours has broken before it was signed, for counting. */
  readonly countFindings?: (rules: readonly string[]) => void;
  /** Called after a commit that changed what relying parties must be told: withdraws cached answers, schedules a CRL. */
  readonly statusChanged: (changes: readonly { readonly issuer: IssuerId; readonly serial: string }[]) => void;
};
