/** Transactions of CMP: what a client has begun, and what was answered. */
import type { Bytes } from '../../../kernel/bytes.js';
import type { Instant } from '../../../kernel/clock.js';
import type { Json } from '../../../kernel/json.js';
import type { CertificateRecord } from '../certificates.js';

/** The body of the first message. */
export const CMP_KINDS = ['ir', 'cr', 'p10cr', 'kur', 'rr', 'nested'] as const;
export type CmpKind = (typeof CMP_KINDS)[number];

/**
 * `working`: an intent is stored and not signed yet. `waiting`: the client polls. `answered`: the
 * certificate exists and is not confirmed. `done`: nothing follows. The others are ends too; a
 * `lapsed` one may still be confirmed where its profile says `undetermined`.
 */
export const CMP_STATES = [
  'working',
  'waiting',
  'answered',
  'done',
  'confirmed',
  'rejected',
  'lapsed',
  'refused',
] as const;
type CmpState = (typeof CMP_STATES)[number];

/** `principal`: as audit entries name it. `transactionId`: in hexadecimal. */
export type CmpTransactionKey = { readonly principal: string; readonly transactionId: string };

/** Nonces in hexadecimal. */
type CmpNonces = {
  /**
   * senderNonces of the client, the oldest first; if there are many, only the first one and the
   * latest are kept.
   */
  readonly received: readonly string[];
  /** senderNonce of our latest answer. */
  readonly sent: string;
};

/** What is answered, as PKIStatusInfo: names of the status and of the bit. */
export type CmpOutcome = {
  readonly status: string;
  /** null: no failure. */
  readonly failInfo: string | null;
  readonly text: readonly string[];
  /** The error that has answered the confirmation; left out: pkiConf did, or nothing yet. */
  readonly end?: { readonly failInfo: string; readonly text: readonly string[] };
};

export type CmpTransaction = CmpTransactionKey & {
  readonly kind: CmpKind;
  /** null: a batch, and a request that was refused because it names none. */
  readonly profile: string | null;
  readonly state: CmpState;
  /** 0, or -1 for a p10cr. */
  readonly certReqId: number;
  /** null: there is no intent yet, or none any more. */
  readonly certificateId: string | null;
  /** SHA-256 of the first message, and of the latest one that was accepted. */
  readonly requestSha256: string;
  readonly lastSha256: string;
  /** The first message, as long as it waits for its intent. */
  readonly request: Bytes | null;
  readonly nonces: CmpNonces;
  /** How its messages are protected (`src/cmp/protection`). */
  readonly protection: Json;
  /** null: nothing is decided. */
  readonly outcome: CmpOutcome | null;
  readonly implicit: boolean;
  /** Whether the certificate is sent encrypted to its own key. */
  readonly encrypted: boolean;
  /** The account that has added its protection; null: none. */
  readonly vouchedBy: string | null;
  readonly approvalId: string | null;
  readonly begunAt: Instant;
  /** null: nothing is to be confirmed. */
  readonly confirmBy: Instant | null;
  /**
   * When the client may ask again, and until when. `waitUntil` null: it does not wait, or has got
   * its answer.
   */
  readonly checkAfter: Instant | null;
  readonly waitUntil: Instant | null;
  /** null: it has not ended. */
  readonly endedAt: Instant | null;
  /** From 1; each change adds 1. */
  readonly version: number;
};

/**
 * `undetermined`: certificates that were not confirmed in time and may still be. `waitingSince`:
 * the beginning of the oldest transaction whose client polls; null: there is none.
 */
type CmpTotals = { readonly undetermined: number; readonly waitingSince: Instant | null };

/** `transaction`: null: there is none. `open`: how many of its principal have not ended. */
export type CountedCmpTransaction = { readonly transaction: CmpTransaction | null; readonly open: number };

export type CmpTransactionReads = {
  readonly cmpTransaction: (key: CmpTransactionKey) => Promise<CmpTransaction | null>;
  /**
   * Transactions of all principals, the newest first. `limitOfEach`: for each of the identifiers.
   */
  readonly cmpTransactionsByIds: (
    transactionIds: readonly string[],
    limitOfEach: number,
  ) => Promise<readonly CmpTransaction[]>;
  readonly cmpTransactionsByKeys: (keys: readonly CmpTransactionKey[]) => Promise<readonly CmpTransaction[]>;
  /** In no particular order. Transactions without a certificate are left out. */
  readonly certificatesOfCmpTransactions: (keys: readonly CmpTransactionKey[]) => Promise<readonly CertificateRecord[]>;
  readonly cmpTransactionsOfCertificates: (ids: readonly string[]) => Promise<readonly CmpTransaction[]>;
  /** For each key, in their order. Counting stops at `countMax`. */
  readonly countedCmpTransactions: (
    keys: readonly CmpTransactionKey[],
    countMax: number,
  ) => Promise<readonly CountedCmpTransaction[]>;
  /**
   * Answered ones that were not confirmed in time, waiting ones without an intent that wait too
   * long, and lapsed ones that could still be confirmed but whose certificates are revoked or have
   * expired.
   */
  readonly cmpTransactionsPastEnd: (now: Instant, limit: number) => Promise<readonly CmpTransaction[]>;
  readonly cmpTotals: () => Promise<CmpTotals>;
  /** Whether one ended before this time. */
  readonly hasEndedCmpTransactions: (endedBefore: Instant) => Promise<boolean>;
};

/** A certificate that was signed, for the transaction that asked for it. */
export type SignedCmpCertificate = {
  readonly certificateId: string;
  /** Milliseconds, 0 or more, that are added to `confirmBy`. */
  readonly laterMs: number;
  /** Stored as `waitUntil` of a transaction that has none; null: nothing is stored. */
  readonly waitUntil: Instant | null;
};

export type CmpTransactionWrites = {
  readonly insertCmpTransactions: (transactions: readonly CmpTransaction[]) => Promise<void>;
  /**
   * Stores everything but the key, `kind`, `certReqId`, `requestSha256` and `begunAt`. `version` is
   * the one that was read, and one more is stored. Returns whether the row still had it.
   */
  readonly changeCmpTransaction: (transaction: CmpTransaction) => Promise<boolean>;
  /**
   * Stores what the last message of each changes: `state`, `outcome`, `nonces`, `lastSha256` and
   * `endedAt`. Another version than the one that was read is an AssertionFailed.
   */
  readonly endCmpTransactions: (ended: readonly CmpTransaction[]) => Promise<void>;
  /**
   * Transactions of these certificates that work or wait become `answered`, or `done` at `at` where
   * nothing is to be confirmed, and lose `request` and `checkAfter`. The others stay as they are.
   */
  readonly answerCmpTransactions: (signed: readonly SignedCmpCertificate[], at: Instant) => Promise<void>;
  /** Removes at most `limit` that ended before this time. Returns their number. */
  readonly deleteEndedCmpTransactions: (endedBefore: Instant, limit: number) => Promise<number>;
};
