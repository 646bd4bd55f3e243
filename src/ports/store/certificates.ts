/** Certificate records: one for each serial number that was ever used, from the intent on. */
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import type { Json } from '../../kernel/json.js';
import type { Result } from '../../kernel/result.js';
import type { RunId } from '../node.js';
import type { IssuerId } from '../signer.js';
import type { AccountScope } from './accounts.js';
import type { CrlPartition } from './crls.js';
import type { IdempotencyClaim } from './idempotency.js';
import type { StoredState } from './statuses.js';

/** `card`: on the card that holds it; `module`: in a security module; `software`: anywhere else. */
export type KeyOrigin = 'card' | 'module' | 'software';

export const PROTOCOLS = ['rest', 'order', 'est', 'cmp'] as const;
type Protocol = (typeof PROTOCOLS)[number];

/** One serial number of one issuer, and all that is known about it. */
export type CertificateRecord = {
  /** UUID. */
  readonly id: string;
  readonly issuer: IssuerId;
  readonly serial: string;
  readonly profile: string;
  readonly policyDigest: string;
  /** Empty: the octets are not known, see `recoveredSha256` and `keyType`. */
  readonly tbs: Bytes;
  /**
   * null while open, and also after the intent was abandoned (then it is `revoked`), and for a
   * recovered certificate.
   */
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
  /** Where the key was made, as the account stated it; null: it stated nothing. */
  readonly keyOrigin: KeyOrigin | null;
  /** The container of its card, from the request or its profile; null: none is named. */
  readonly container: string | null;
  /** SHA-256 hex of the SubjectPublicKeyInfo. */
  readonly spkiSha256: string;
  readonly accountId: string;
  /** The run that made the intent; null: it was never open, because it was made elsewhere. */
  readonly run: RunId | null;
  /** The idempotency claim of its request, so that recovery can finish the claim too. */
  readonly claim: IdempotencyClaim | null;
  /**
   * Id of the certificate that it renews, which has the same holder and profile and another key.
   */
  readonly renews: string | null;
  /** Whether the certificate that it renews has asked for it. */
  readonly selfRenewal: boolean;
  /**
   * Whether CMP sends it encrypted to its own key (RFC 9810 5.2.8.3.2). Its confirmation is then
   * the proof of possession: until it comes, anybody may have named the key.
   */
  readonly encrypted: boolean;
  /** Whether its client or its card has confirmed it. Only pending certificates are confirmed. */
  readonly confirmed: boolean;
  /** What its signature makes of the intent. `pending`: its card must confirm it first. */
  readonly becomes: 'issued' | 'pending';
  /** Id of the remote update that asked for it; null: none did. */
  readonly updateId: string | null;
  /** Id of the registration that was used for it; null: none was. */
  readonly registrationId: string | null;
  /** How it was requested; null: nobody did, because a job or a ceremony made it. */
  readonly protocol: Protocol | null;
  /** As `src/x509/model.ts` names it; null: only its serial number is known, from a CRL. */
  readonly keyType: string | null;
  /** The partition whose CRL the certificate names; null: the CRL of all certificates. */
  readonly crlPartition: CrlPartition;
  /**
   * SHA-256 hex of the to-be-signed bytes of a recovered certificate: a restored database did not
   * know it, and the journal of a signer has its serial number and this hash, but no octets. null:
   * it is not recovered.
   */
  readonly recoveredSha256: string | null;
};

export type CertificateFilter = {
  readonly holderId?: string | undefined;
  readonly cardTokenId?: string | undefined;
  readonly structureId?: string | undefined;
  /** Id of the order whose lines were issued. */
  readonly orderId?: string | undefined;
  readonly profile?: string | undefined;
  readonly issuer?: IssuerId | undefined;
  readonly authority?: string | undefined;
  /** Any of these serial numbers. */
  readonly serials?: readonly string[] | undefined;
  /** `expired` is derived: notAfter before `now`. */
  readonly status?: 'pending' | 'issued' | 'suspended' | 'revoked' | 'expired' | undefined;
  /** The first and the last millisecond in which it was issued. */
  readonly issuedFrom?: Instant | undefined;
  readonly issuedUntil?: Instant | undefined;
  /** Its end: at this time or later, and before this time. */
  readonly expiresFrom?: Instant | undefined;
  readonly expiresBefore?: Instant | undefined;
  /** What the account may see. */
  readonly scope?: AccountScope | undefined;
  /** `-`: the latest first. Default: see `search`. */
  readonly sort?: CertificateSort | undefined;
  readonly now: Instant;
  readonly limit: number;
  /** Opaque: `next` of the previous page. */
  readonly cursor?: string | undefined;
};

export const CERTIFICATE_SORTS = ['issuedAt', '-issuedAt', 'notAfter', '-notAfter'] as const;
type CertificateSort = (typeof CERTIFICATE_SORTS)[number];

/** This store did not make the cursor: an error of the caller, not of the database. */
export type CursorMalformed = { readonly kind: 'cursor-malformed' };

export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null };

/** What is shown of a certificate where no name may be seen, and in lists of many. */
export type CertificateSummary = Pick<
  CertificateRecord,
  | 'id'
  | 'issuer'
  | 'serial'
  | 'profile'
  | 'state'
  | 'notBefore'
  | 'notAfter'
  | 'createdAt'
  | 'holderId'
  | 'structureId'
  | 'cardTokenId'
  | 'accountId'
  | 'claim'
  | 'renews'
  | 'becomes'
  | 'updateId'
  | 'registrationId'
  | 'keyType'
>;

/** An issuance, or a change of the status: the state that the certificate had afterwards. */
export type CertificateChange = {
  /** Number of its audit entry. A confirmation of several certificates is one entry. */
  readonly seq: number;
  readonly kind: 'issuance' | 'status';
  readonly at: Instant;
  readonly state: StoredState;
  /** As it is now. */
  readonly certificate: CertificateSummary;
};

/** Changes with numbers after `after`, up to `until`, which must not be after the audit head. */
export type CertificateChangeFilter = {
  readonly after: number;
  readonly until: number;
  readonly limit: number;
  readonly scope: AccountScope;
};

export type CertificateChanges = {
  /** In the order of their entries. */
  readonly changes: readonly CertificateChange[];
  /** The scope contains no other change up to this number: `until`, or less. */
  readonly next: number;
};

export type CertificateReads = {
  readonly certificateById: (id: string) => Promise<CertificateRecord | null>;
  readonly certificateBySerial: (issuer: IssuerId, serial: string) => Promise<CertificateRecord | null>;
  /** Ordered by id, as in the four methods that follow. Unknown ids are left out. */
  readonly certificatesByIds: (ids: readonly string[]) => Promise<readonly CertificateRecord[]>;
  readonly certificatesOfCards: (tokenIds: readonly string[]) => Promise<readonly CertificateRecord[]>;
  readonly certificatesOfHolder: (holderId: string) => Promise<readonly CertificateRecord[]>;
  readonly certificatesByKeys: (spkiSha256s: readonly string[]) => Promise<readonly CertificateRecord[]>;
  /** Returns the certificates that renew this one. */
  readonly renewalsOf: (id: string) => Promise<readonly CertificateRecord[]>;
  /** The id of the newest certificate that renews each; those that none renews are left out. */
  readonly newestRenewals: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /**
   * In the order of `sort`; without it, newest first, or the latest end first where the end is the
   * most selective criterion. Intents, open or abandoned, are no certificates and are not found.
   * The work for a page is bounded, so a page may have fewer items than `limit`, or none, and a
   * `next` all the same.
   */
  readonly search: (filter: CertificateFilter) => Promise<Result<Page<CertificateRecord>, CursorMalformed>>;
  /** As `search`, without the large columns. */
  readonly searchSummaries: (filter: CertificateFilter) => Promise<Result<Page<CertificateSummary>, CursorMalformed>>;
  /**
   * The work for a page is bounded, so there may be fewer changes than `limit`, or none, although
   * `next` is less than `until`. All changes of an entry are together, also beyond `limit`.
   */
  readonly certificateChanges: (filter: CertificateChangeFilter) => Promise<CertificateChanges>;
  /** Ordered by id; `after`: only ids that follow this one. */
  readonly openIntents: (of: {
    readonly run: RunId;
    readonly after?: string;
    readonly limit: number;
  }) => Promise<readonly CertificateRecord[]>;
  /** Runs that have open intents, and that are not live. */
  readonly endedRunsWithIntents: (limit: number) => Promise<readonly RunId[]>;
};

/** The number of certificates of a profile that were reserved in a minute since 1970. */
export type IssuanceMinute = { readonly profile: string; readonly minute: number; readonly count: number };

export type IssuanceMinuteReads = {
  /** From this minute on, in no particular order. Minutes without any are left out. */
  readonly issuedMinutes: (of: {
    readonly profiles: readonly string[];
    readonly from: number;
  }) => Promise<readonly IssuanceMinute[]>;
};

export type IssuanceMinuteWrites = {
  /** Adds to the counts. No two of `counted` have the same profile and minute. */
  readonly countIssuance: (counted: readonly IssuanceMinute[]) => Promise<void>;
  /** Deletes the counts of earlier minutes. */
  readonly deleteIssuanceMinutes: (before: number) => Promise<void>;
};

type StoredSignature = {
  readonly id: string;
  readonly signature: Bytes;
  readonly issuedSeq: number;
};

export type CertificateWrites = {
  /**
   * Inserts intents (`open`, no signature) with the numbers of their audit entries. A used serial
   * number is an AssertionFailed: it was 126 random bits.
   */
  readonly insertIntents: (
    intents: readonly { readonly record: CertificateRecord; readonly intentSeq: number }[],
  ) => Promise<void>;
  /** Inserts recovered certificates (`issued`, no signature), as `insertIntents` does. */
  readonly insertRecovered: CertificateWrites['insertIntents'];
  /** open -> what the intent `becomes`, with its signature and the number of its audit entry. */
  readonly storeSignatures: (signed: readonly StoredSignature[]) => Promise<void>;
  /** Returns the ids that are open intents. */
  readonly openAmong: (ids: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Reads the row for update. */
  readonly lockCertificate: (id: string) => Promise<CertificateRecord | null>;
};
