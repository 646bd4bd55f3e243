import type { RegistrationKeys } from '../access/registration-keys.js';
import type { PublishedList } from '../cmp/info-types/info-type.js';
import type { Bytes } from '../kernel/bytes.js';
import type { InteractiveWork } from '../kernel/interactive-work.js';
import type { Policy } from '../policy/model.js';
import type { NodeId, RunId } from '../ports/node.js';
import type { IssuerId, Signer } from '../ports/signer.js';
import type { Store } from '../ports/store.js';
import type { Clock, Log, Random } from '../ports/world.js';
import type { BlockedKeys } from '../x509/keys/blocked-keys.js';
import type { Issuer, LinkCertificate } from '../x509/model.js';
import type { CmpParts } from './cmp/cmp-parts.js';
import type { CmpSigners } from './cmp/cmp-signers.js';
import type { Writers } from './writers.js';

/**
 * The certification authorities of this platform, in all their generations, from their
 * certificates.
 */
export type Issuers = {
  /** The generation of an issuing CA that issues now; null before its ceremony. */
  readonly current: (authority: string) => Issuer | null;
  readonly byId: (id: IssuerId) => Issuer | null;
  readonly all: () => readonly Issuer[];
  /** DER certificates from the issuer itself up to its root. */
  readonly chain: (id: IssuerId) => readonly Bytes[];
  /** The link certificates between generations of the roots. */
  readonly links: () => readonly LinkCertificate[];
};

/** Published CRLs as relying parties get them. */
export type PublishedLists = {
  /** By the name of the file, `ACI-FO-PP.crl`; null: it is not here. */
  readonly find: (fileName: string) => Promise<PublishedList | null>;
};

/** What every operation may use. Services get it from `src/compose/service.ts`. */
export type World = {
  /** The node whose process this is; audit entries name it. */
  readonly node: NodeId;
  /** This start of the process. */
  readonly run: RunId;
  /**
   * Ids of the intents and of the uploads of orders that this process is working on, from before
   * their first row until after their answer: nobody recovers or discards them meanwhile.
   */
  readonly underWay: Set<string>;
  readonly policy: Policy;
  readonly issuers: Issuers;
  /** Keys from lists that are never certified. Keys that officers have blocked are in the store. */
  readonly blockedKeys: Pick<BlockedKeys, 'has'>;
  /** The keys from which the secrets of registrations are derived. */
  readonly registrationKeys: RegistrationKeys;
  /** What signs CMP answers. */
  readonly cmpSigners: CmpSigners;
  readonly publishedLists: PublishedLists;
  readonly cmpParts: CmpParts;
  readonly store: Store;
  readonly signer: Signer;
  /** Signs after the requests of `signer`, for work that nobody waits for (`batch-world.ts`). */
  readonly batchSigner: Signer;
  readonly interactive: InteractiveWork;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /**
   * The request of the API that is answered in this world, which its log lines and audit entries
   * name; left out: the world of jobs and commands.
   */
  readonly requestId?: string;
  /** Faulty writers of tests. A service has no others than `WRITERS`. */
  readonly writers?: Writers;
  /** Counts the rules that one of our own outputs has broken before it was signed. */
  readonly countFindings?: (rules: readonly string[]) => void;
  /** Counts a wrong secret that was sent with this reference; left out: nobody counts. */
  readonly secretFailed?: (reference: string) => void;
  /**
   * Called after a commit that changed statuses: withdraws cached responses and schedules a CRL.
   */
  readonly statusChanged: (changes: readonly { readonly issuer: IssuerId; readonly serial: string }[]) => void;
};
