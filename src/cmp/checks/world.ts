/** What the checks ask of the world; operations make it. */
import type { AccessAuthority } from '../../access/break-glass.js';
import type { createVerifiedCache } from '../../access/client-certificate.js';
import type { Principal } from '../../access/principal.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { Policy } from '../../policy/model.js';
import type { IssuerId } from '../../ports/signer.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Store } from '../../ports/store.js';
import type { Clock, Log } from '../../ports/world.js';
import type { BlockedKeys } from '../../x509/keys/blocked-keys.js';
import type { Issuer } from '../../x509/model.js';
import type { OperationLabel } from '../labels.js';
import type { BodyKind, PkiMessage } from '../model.js';
import type { KeyWork } from '../protection/key-work.js';
import type { MacLimits } from '../protection/mac.js';

export type CheckWorld = {
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  readonly store: Pick<Store, 'read' | 'groupedRead'>;
  readonly profiles: Policy['profiles'];
  readonly issuers: {
    readonly all: () => readonly Issuer[];
    /** DER certificates from the issuer itself up to its root. */
    readonly chain: (id: IssuerId) => readonly Bytes[];
  };
  /** Ids of the issuing CAs whose certificates act for accounts. */
  readonly accountAuthorities: readonly string[];
  /** The CAs of break-glass officers. */
  readonly access: readonly AccessAuthority[];
  readonly blockedKeys: Pick<BlockedKeys, 'has'>;
  readonly keyWork: KeyWork;
  /** Certificates whose issuer was found before. */
  readonly verifiedClients: ReturnType<typeof createVerifiedCache>;
  readonly settings: CheckSettings;
  readonly secretOf: (reference: string) => Promise<Result<ReferencedSecret, StoreFailure>>;
  /** Counts a wrong MAC that came with this reference. */
  readonly secretFailed: (reference: string) => void;
  readonly transactions: TransactionLookup;
};

/** Policy `enrolment.cmp` of the environment. */
type CheckSettings = {
  /** Whether a message without messageTime is refused (C6). */
  readonly messageTimeRequired: boolean;
  /** How far messageTime may be from our clock. */
  readonly clockToleranceMs: number;
  /** Whether a first message must have the CAs of its protection certificate (B6). */
  readonly chainRequired: boolean;
  readonly macLimits: MacLimits;
};

type ReferencedSecret = {
  /** null: the reference is unknown; the secret is then one that nobody has. */
  readonly principal: Principal | null;
  readonly secret: string;
};

type TransactionLookup = {
  /** The protections with which transactions with this id began, whoever began them. */
  readonly begun: (transactionId: Bytes) => Promise<Result<readonly TransactionProtection[], StoreFailure>>;
  /** `principal`: as `actorOf` names it. */
  readonly of: (principal: string, transactionId: Bytes) => Promise<Result<FoundTransaction, StoreFailure>>;
};

export type FoundTransaction = {
  /** null: the principal has none with this transactionID. */
  readonly transaction: TransactionView | null;
  /** How many transactions of the principal have not ended; null: they were not counted. */
  readonly open: number | null;
};

/** How the first message of a transaction was protected. */
export type TransactionProtection =
  /** `algorithm`: object identifier of the protectionAlg. */
  | { readonly kind: 'mac'; readonly algorithm: string }
  /** `certificate`: the protection certificate, DER. */
  | { readonly kind: 'signature'; readonly certificate: Bytes };

/** What the checks read of a transaction. */
export type TransactionView = {
  /** The body of its first message. */
  readonly kind: BodyKind;
  readonly protection: TransactionProtection;
  /** null: the request names none. */
  readonly profile: string | null;
  /** SHA-256 hex of the octets of its first message and of the latest one. */
  readonly firstSha256: string;
  readonly latestSha256: string;
  /** The senderNonces of the messages that were accepted. */
  readonly clientNonces: readonly Bytes[];
  /** The senderNonce of our last answer; null: there is none yet. */
  readonly ownNonce: Bytes | null;
};

/** A message and where it came from. */
export type ReceivedMessage = {
  readonly message: PkiMessage;
  /**
   * The path; for a message inside a nested one `label` is null, because the label is that of the
   * outer one.
   */
  readonly path: { readonly profile: string | null; readonly label: OperationLabel | null };
  /** The address of the socket, for the networks of accounts. */
  readonly address: string;
};
