/**
 * What the core asks of the database. A transaction is all or nothing and serializable; reads outside one see committed state.
 * Every method may fail with `database-unavailable`, which the implementation throws as `StoreUnavailable` and
 * `Store.transaction`/`Store.read` turn into a value.
 */
import type { Bytes } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import type { Json } from '../kernel/json.js';
import type { Result } from '../kernel/result.js';
import type { MassRevocationReads, MassRevocationWrites } from './mass-revocation.js';
import type { IssuerId } from './signer.js';
import type { StatusChangeReads } from './status-changes.js';

export type StoreFailure = {
  readonly kind: 'database-unavailable';
  readonly retryAfterMs: number;
  readonly detail: string;
};

/** RFC 5280 5.3.1 reasons that this CA gives, in the words of the contract. */
export type RevocationReason =
  | 'unspecified'
  | 'keyCompromise'
  | 'affiliationChanged'
  | 'superseded'
  | 'cessationOfOperation'
  | 'certificateHold'
  | 'privilegeWithdrawn';

/** `open`: an intent whose signature is not in yet; its serial is spent and never answers `good`. */
export type StoredState =
  | { readonly status: 'open' }
  | { readonly status: 'pending' }
  | { readonly status: 'issued' }
  | { readonly status: 'suspended'; readonly at: Instant; readonly invalidityDate: Instant | null }
  | {
      readonly status: 'revoked';
      readonly at: Instant;
      readonly reason: Exclude<RevocationReason, 'certificateHold'>;
      readonly invalidityDate: Instant | null;
    };

/** `card`: on the card that holds it; `module`: in a security module; `software`: anywhere else. */
export type KeyOrigin = 'card' | 'module' | 'software';

/** One serial number of one issuer, and all that is known of it. */
export type CertificateRecord = {
  /** UUID. */
  readonly id: string;
  readonly issuer: IssuerId;
  readonly serial: string;
  readonly profile: string;
  readonly policyDigest: string;
  readonly tbs: Bytes;
  /** null while open, and for ever when the intent was given up (then `revoked`). */
  readonly signature: Bytes | null;
  readonly state: StoredState;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly createdAt: Instant;
  /** IdNat of a person, `structure/application` of an organisation, first name of a server. */
  readonly holderId: string;
  readonly structureId: string | null;
  readonly cardTokenId: string | null;
  /** The request's holder, card and identity evidence as they were accepted. */
  readonly holder: Json;
  readonly card: Json;
  readonly identity: Json;
  /** Where the key was made, by the word of the account; null where it said nothing. */
  readonly keyOrigin: KeyOrigin | null;
  /** SHA-256 hex of the SubjectPublicKeyInfo. */
  readonly spkiSha256: string;
  readonly accountId: string;
  /** The idempotency claim it was made under, so that recovery can finish that too. */
  readonly claim: IdempotencyClaim | null;
  /** Id of the certificate that it renews: of the same holder and profile, on another key. */
  readonly renews: string | null;
  /** Whose list it names; null: that of all certificates. */
  readonly crlPartition: CrlPartition;
};

/** A key that is certified no more: by whose word, since when, and why. */
export type BlockedKey = {
  readonly spkiSha256: string;
  readonly at: Instant;
  /** Account id of the officer. */
  readonly actor: string;
  readonly reason: string;
};

export type IdempotencyClaim = { readonly account: string; readonly route: string; readonly key: string };

export type ClaimRequest = { readonly claim: IdempotencyClaim; readonly bodySha256: string };

export type IdempotencyOutcome =
  | { readonly kind: 'claimed' }
  | { readonly kind: 'in-progress' }
  | { readonly kind: 'mismatch' }
  /** `result` is what `finishClaims` stored. */
  | { readonly kind: 'done'; readonly result: Json };

export type AuditEvent = {
  readonly at: Instant;
  /** `certificate.intent`, `certificate.issued`, `certificate.revoked`, `crl.intent`, `crl.published`, `access.denied`, ... */
  readonly type: string;
  /** Account id, or `system`. */
  readonly actor: string;
  readonly outcome: 'success' | 'failure' | 'intent';
  /** Ids, serial numbers and digests; never names. */
  readonly details: Json;
};

/** An entry as it is stored: bytes are the canonical JSON of the numbered event (see `src/audit`). */
export type AuditEntry = {
  readonly seq: number;
  readonly bytes: Bytes;
  readonly leafHash: Bytes;
  readonly chainHash: Bytes;
};

export type Account = {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly scope: AccountScope;
  /** Certificates it authenticates with: the issuing CA and the SHA-256 hex of the SubjectPublicKeyInfo. */
  readonly credentials: readonly { readonly issuer: IssuerId; readonly spkiSha256: string }[];
  readonly disabled: boolean;
  readonly createdAt: Instant;
};

/** `*` in a list: all. Applied to issuing, reading and revoking alike. */
export type AccountScope = {
  readonly profiles: readonly string[];
  readonly structures: readonly string[];
  readonly domains: readonly string[];
  /** Whole ids of holders, or beginnings of them with `*` after: `8*` (RPPS), `30B0057881/*`. */
  readonly holders: readonly string[];
};

export type CertificateFilter = {
  readonly holderId?: string | undefined;
  readonly cardTokenId?: string | undefined;
  readonly structureId?: string | undefined;
  readonly issuer?: IssuerId | undefined;
  readonly authority?: string | undefined;
  readonly serial?: string | undefined;
  /** `expired` is derived: notAfter before `now`. */
  readonly status?: 'pending' | 'issued' | 'suspended' | 'revoked' | 'expired' | undefined;
  readonly expiresBefore?: Instant | undefined;
  /** What the account may see; pushed down so that pages stay full. */
  readonly scope?: AccountScope | undefined;
  readonly now: Instant;
  readonly limit: number;
  /** Opaque, from the page before. */
  readonly cursor?: string | undefined;
};

/** A cursor that this store did not give out: the caller's fault, not the database's. */
export type CursorMalformed = { readonly kind: 'cursor-malformed' };

export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null };

/** What a status answer needs and no more: one index look-up. */
export type StatusRecord = { readonly state: StoredState; readonly notAfter: Instant; readonly signed: boolean };

export type RevokedEntry = {
  readonly serial: string;
  readonly at: Instant;
  /** `removeFromCRL` in delta lists alone (RFC 5280 5.3.1). */
  readonly reason: RevocationReason | 'removeFromCRL';
  readonly invalidityDate: Instant | null;
};

/**
 * What a list covers: all certificates of its issuer, or those of one partition, which have its number in their address; in full,
 * or what changed since a full one. A full list and the delta lists of the same certificates share their numbers (RFC 5280 5.2.3).
 */
export type CrlScope = 'full' | 'delta' | `full-${number}` | `delta-${number}`;

/** Which of the partitions a list covers; null: all certificates. */
export type CrlPartition = number | null;

export type CrlRecord = {
  readonly issuer: IssuerId;
  readonly scope: CrlScope;
  readonly number: number;
  /** Of a delta: number of the full list that it completes. */
  readonly base: number | null;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  readonly state: 'reserved' | 'published' | 'abandoned';
  /** SHA-256 hex of the to-be-signed list, once known; what the signer's journal has too. */
  readonly tbsSha256: string | null;
  /** SHA-256 hex and size of the whole CRL, once published. */
  readonly sha256: string | null;
  readonly sizeBytes: number | null;
  readonly entries: number | null;
  /** What the list has seen, once it was made; null in those of former versions and in those of ceremonies: no delta has such a base. */
  readonly seen: ListSeen | null;
};

/** Where in the history of statuses a list stands: what a delta of it has to say follows from both. */
export type ListSeen = {
  /** The last change of a status that it has; they are numbered in the order of their commits. */
  readonly change: number;
  /** What had ended before, and was revoked before, is not on it any more. */
  readonly listedSince: Instant;
};

export type Reads = MassRevocationReads &
  StatusChangeReads & {
    readonly certificateById: (id: string) => Promise<CertificateRecord | null>;
    readonly certificateBySerial: (issuer: IssuerId, serial: string) => Promise<CertificateRecord | null>;
    /** In the order of their birth, like those that follow; ids that are not there are left out. */
    readonly certificatesByIds: (ids: readonly string[]) => Promise<readonly CertificateRecord[]>;
    readonly certificatesOfCards: (tokenIds: readonly string[]) => Promise<readonly CertificateRecord[]>;
    readonly certificatesOfHolder: (holderId: string) => Promise<readonly CertificateRecord[]>;
    readonly certificatesByKeys: (spkiSha256s: readonly string[]) => Promise<readonly CertificateRecord[]>;
    /**
     * Those of these keys that others know: a certificate on them was revoked for compromise, or an officer has blocked them. Without
     * the records, of which a key may have many.
     */
    readonly compromisedKeys: (spkiSha256s: readonly string[]) => Promise<readonly string[]>;
    /** Those of these keys that an officer has blocked. */
    readonly blockedKeys: (spkiSha256s: readonly string[]) => Promise<readonly BlockedKey[]>;
    /** Newest first. Intents and given-up ones are no certificates and are not found. */
    readonly search: (filter: CertificateFilter) => Promise<Result<Page<CertificateRecord>, CursorMalformed>>;
    readonly openIntents: (limit: number) => Promise<readonly CertificateRecord[]>;
    readonly status: (issuer: IssuerId, serial: string) => Promise<StatusRecord | null>;
    readonly statuses: (issuer: IssuerId, serials: readonly string[]) => Promise<ReadonlyMap<string, StatusRecord>>;
    /** What `claimIdempotency` would find, without claiming: `claimed` means nobody has. */
    readonly peekClaims: (requests: readonly ClaimRequest[]) => Promise<readonly IdempotencyOutcome[]>;
    readonly accountByCredential: (issuer: IssuerId, spkiSha256: string) => Promise<Account | null>;
    readonly accounts: () => Promise<readonly Account[]>;
    /** The published one with the highest number; without a scope, the full list. */
    readonly latestCrl: (issuer: IssuerId, scope?: CrlScope) => Promise<CrlRecord | null>;
    /** The full list with the highest number that was ever given out, whatever became of it. */
    readonly highestCrl: (issuer: IssuerId) => Promise<CrlRecord | null>;
    readonly crlByNumber: (issuer: IssuerId, number: number, scope?: CrlScope) => Promise<CrlRecord | null>;
    /** Numbers given out whose list was neither published nor abandoned, ascending: what a crash leaves. Of all scopes. */
    readonly reservedCrls: (issuer: IssuerId) => Promise<readonly CrlRecord[]>;
    /**
     * Full lists that a delta of this moment can have as its base, the one that ends first before the newest: published, known to have
     * seen what, valid still, and with none of the future after them.
     */
    readonly deltaBases: (issuer: IssuerId, partition: CrlPartition, at: Instant) => Promise<readonly CrlRecord[]>;
    /** Number of the last change of a status of its certificates, as `ListSeen` has it; 0: there was none. */
    readonly lastChange: (issuer: IssuerId) => Promise<number>;
    readonly auditEntries: (range: { readonly from: number; readonly limit: number }) => Promise<readonly AuditEntry[]>;
    /** How far a periodic work has come; null: it never ran. */
    readonly mark: (name: string) => Promise<string | null>;
    readonly auditHead: () => Promise<{ readonly seq: number; readonly chainHash: Bytes }>;
  };

export type Transaction = Reads &
  MassRevocationWrites & {
    /** Inserts intents (`open`, no signature). A serial that is spent already is an AssertionFailed: it was 126 random bits. */
    readonly insertIntents: (records: readonly CertificateRecord[]) => Promise<void>;
    /** open -> `issued` or `pending` with its signature. */
    readonly storeSignatures: (
      signed: readonly { readonly id: string; readonly signature: Bytes; readonly status: 'issued' | 'pending' }[],
    ) => Promise<void>;
    /** Which of them are open intents. */
    readonly lockOpen: (ids: readonly string[]) => Promise<ReadonlySet<string>>;
    /** Reads the row for update. */
    readonly lockCertificate: (id: string) => Promise<CertificateRecord | null>;
    /** Writes the state and one row of `status_events`. */
    readonly setState: (
      id: string,
      state: StoredState,
      event: { readonly at: Instant; readonly actor: string },
    ) => Promise<void>;
    /** The same for many, by few statements. */
    readonly setStates: (
      changes: readonly { readonly id: string; readonly state: StoredState }[],
      event: { readonly at: Instant; readonly actor: string },
    ) => Promise<void>;
    /** An outcome for each, in their order; of several for one key the first has it. */
    readonly claimIdempotency: (
      requests: readonly ClaimRequest[],
      now: Instant,
    ) => Promise<readonly IdempotencyOutcome[]>;
    readonly finishClaims: (
      finished: readonly { readonly claim: IdempotencyClaim; readonly result: Json }[],
    ) => Promise<void>;
    readonly releaseClaims: (claims: readonly IdempotencyClaim[]) => Promise<void>;
    /** In the order of the calls; numbered and written together, when the rest of the transaction is done. */
    readonly appendAudit: (events: readonly AuditEvent[]) => Promise<void>;
    readonly insertBlockedKey: (key: BlockedKey) => Promise<void>;
    readonly deleteBlockedKey: (spkiSha256: string) => Promise<void>;
    readonly insertAccount: (account: Account) => Promise<void>;
    /** Everything but the id and the time of creation. */
    readonly updateAccount: (account: Account) => Promise<void>;
    /**
     * Compare-and-set per issuer and partition: the number after the highest ever reserved of its full and delta lists, whose
     * transactions are serial. `shared`: the number of the other list of the same moment instead.
     */
    readonly reserveCrl: (reservation: {
      readonly issuer: IssuerId;
      /** Without it, the full list. */
      readonly scope?: CrlScope | undefined;
      readonly base?: number | undefined;
      readonly thisUpdate: Instant;
      readonly nextUpdate: Instant;
      /** For CRLs that a ceremony numbered. */
      readonly numberMin?: number | undefined;
      readonly shared?: number | undefined;
    }) => Promise<CrlRecord>;
    readonly updateCrl: (crl: CrlRecord) => Promise<void>;
    /** In the transaction of the work that came so far. */
    readonly setMark: (name: string, value: string) => Promise<void>;
    /** Whether nobody else has taken the lease since: asked in the transaction that does its work. */
    readonly leaseHeld: (lease: Lease) => Promise<boolean>;
  };

export type LeaseRequest = {
  /** What is to be done by one at a time: `crl/aci-fo-pp`. */
  readonly name: string;
  /** One process: unique among all that share the database. */
  readonly holder: string;
  /** An hour at most. */
  readonly durationMs: number;
};

/** Held until `until` by the store's clock; `fencingToken` rises with every new holder. */
export type Lease = {
  readonly name: string;
  readonly holder: string;
  readonly fencingToken: number;
  readonly until: Instant;
};

/** One consistent view of the revoked certificates of an issuer or a partition, ascending by serial, for as long as `use` runs. */
export type RevokedSnapshot = {
  readonly seen: ListSeen;
  readonly count: () => Promise<{
    readonly entries: number;
    readonly encodedReasons: number;
    readonly encodedDates: number;
  }>;
  readonly entries: () => AsyncIterable<readonly RevokedEntry[]>;
  /**
   * What makes the full list of this moment of one that has seen `base`: new and changed entries, and `removeFromCRL` for what was
   * released, or has ended for long enough. null: more than `entriesMax`.
   */
  readonly changes: (base: ListSeen, entriesMax: number) => Promise<readonly RevokedEntry[] | null>;
  /** Some certificates from each of these serial numbers on, and the one whose status changed last, as the list has to have them. */
  readonly sample: (serialsFrom: readonly string[]) => Promise<CrlSample>;
};

export type CrlSample = {
  readonly listed: readonly RevokedEntry[];
  /** Serial numbers. */
  readonly unlisted: readonly string[];
  /** The last that changed its status, which is among them; null: none ever did. */
  readonly newest: { readonly serial: string; readonly change: number } | null;
};

/** Of which certificates a snapshot is. */
export type SnapshotOf = {
  readonly issuer: IssuerId;
  readonly partition: CrlPartition;
  /** Of the list that is made of it. */
  readonly thisUpdate: Instant;
};

/**
 * What many requests do at once: `run` gets all items that came while the turn before was under way, and answers for each in
 * their order. When it throws for several, each is run again alone.
 */
export type Grouped<Context, Item, Outcome> = {
  readonly run: (context: Context, items: readonly Item[]) => Promise<readonly Outcome[]>;
};

export type Store = {
  readonly read: <Value>(work: (reads: Reads) => Promise<Value>) => Promise<Result<Value, StoreFailure>>;
  readonly transaction: <Value>(work: (tx: Transaction) => Promise<Value>) => Promise<Result<Value, StoreFailure>>;
  /** In one transaction with what others do (group commit). A kind of work is one value for as long as the program runs. */
  readonly groupedTransaction: <Item, Outcome>(
    work: Grouped<Transaction, Item, Outcome>,
    item: Item,
  ) => Promise<Result<Outcome, StoreFailure>>;
  /** Outside of any transaction. */
  readonly groupedRead: <Item, Outcome>(
    work: Grouped<Reads, Item, Outcome>,
    item: Item,
  ) => Promise<Result<Outcome, StoreFailure>>;
  /** Revoked and suspended certificates and given-up intents; ended ones until one more list after their end has them (RFC 5280 3.3). */
  readonly revokedSnapshot: <Value>(
    of: SnapshotOf,
    use: (snapshot: RevokedSnapshot) => Promise<Value>,
  ) => Promise<Result<Value, StoreFailure>>;
  /** Takes or renews it; null while somebody else holds it. */
  readonly acquireLease: (request: LeaseRequest) => Promise<Result<Lease | null, StoreFailure>>;
  readonly releaseLease: (lease: Lease) => Promise<Result<void, StoreFailure>>;
  readonly close: () => Promise<void>;
};
