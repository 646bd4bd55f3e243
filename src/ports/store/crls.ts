/** CRLs: their numbers, each used once, and the revoked certificates that they list. */
import type { Instant } from '../../kernel/clock.js';
import type { IssuerId } from '../signer.js';
import type { RevocationReason } from './statuses.js';

/**
 * What a CRL covers: all certificates of its issuer, or one partition (the certificates that have
 * its number in their CRL address); and either all of their revocations, or the changes since a
 * full CRL. The full and the delta CRLs of the same certificates share their numbers (RFC 5280
 * 5.2.3).
 */
export type CrlScope = 'full' | 'delta' | `full-${number}` | `delta-${number}`;

/** The partition that a CRL covers; null: all certificates. */
export type CrlPartition = number | null;

export type CrlRecord = {
  readonly issuer: IssuerId;
  readonly scope: CrlScope;
  readonly number: number;
  /** In a delta CRL, the number of the full CRL that it completes. */
  readonly base: number | null;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  readonly state: 'reserved' | 'published' | 'abandoned';
  /** SHA-256 hex of the to-be-signed CRL, once known; the signer's journal has it too. */
  readonly tbsSha256: string | null;
  /** SHA-256 hex and size of the whole CRL, once published. */
  readonly sha256: string | null;
  readonly sizeBytes: number | null;
  readonly entries: number | null;
  /** When it got its public name; null: it has none, or was made in a ceremony. */
  readonly publishedAt: Instant | null;
  /**
   * What the CRL has seen, once it was made; null for CRLs of ceremonies, which no delta CRL can
   * complete.
   */
  readonly seen: ListSeen | null;
};

/**
 * The point in the history of statuses at which a CRL was made: the content of a delta CRL follows
 * from the points of its base and of its own.
 */
export type ListSeen = {
  /**
   * The last change of a status that it includes. Changes are numbered in the order of their
   * commits.
   */
  readonly change: number;
  /** What had expired before this time, and was revoked before it, is no longer listed. */
  readonly listedSince: Instant;
};

/** The CRLs of one scope of an issuer: each replaces the one before it. */
export type CrlSeries = Pick<CrlRecord, 'issuer' | 'scope'>;

/** A place in the history of the CRLs of an issuer. */
export type CrlPosition = Pick<CrlRecord, 'thisUpdate' | 'scope' | 'number'>;

export type CrlReads = {
  /** The published one with the highest number; without a scope, the full CRL. */
  readonly latestCrl: (issuer: IssuerId, scope?: CrlScope) => Promise<CrlRecord | null>;
  /** Returns the same for each series, in their order; null: the series has no published CRL. */
  readonly latestCrls: (series: readonly CrlSeries[]) => Promise<readonly (CrlRecord | null)[]>;
  /** The full CRL with the highest number that was ever reserved, in whatever state it is. */
  readonly highestCrl: (issuer: IssuerId) => Promise<CrlRecord | null>;
  readonly crlByNumber: (issuer: IssuerId, number: number, scope?: CrlScope) => Promise<CrlRecord | null>;
  /**
   * Reserved CRLs of all scopes that were neither published nor abandoned, ascending: what a
   * crash leaves.
   */
  readonly reservedCrls: (issuer: IssuerId) => Promise<readonly CrlRecord[]>;
  /** CRLs of all scopes and states, the latest thisUpdate first; `before`: only those before it. */
  readonly crlHistory: (page: {
    readonly issuer: IssuerId;
    readonly before: CrlPosition | null;
    readonly limit: number;
  }) => Promise<readonly CrlRecord[]>;
  /**
   * Full CRLs that can be the base of a delta CRL at this moment: they are published, have
   * `seen`, are still valid, and no CRL with a later thisUpdate than now comes after them. The
   * one that ends first comes first, then the one that ends last.
   */
  readonly deltaBases: (issuer: IssuerId, partition: CrlPartition, at: Instant) => Promise<readonly CrlRecord[]>;
  /**
   * Returns for each issuer, in their order, the number of the last change of a status of its
   * certificates, as in `ListSeen`; 0: there was none.
   */
  readonly lastChanges: (issuers: readonly IssuerId[]) => Promise<readonly number[]>;
};

type CrlReservation = {
  readonly issuer: IssuerId;
  /** Without it, the full CRL. */
  readonly scope?: CrlScope | undefined;
  readonly base?: number | undefined;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  /** For CRLs that a ceremony numbered. */
  readonly numberMin?: number | undefined;
  /** The number of the other CRL of the same moment, to be used for this one too. */
  readonly shared?: number | undefined;
};

export type CrlWrites = {
  /**
   * Reserves the number after the highest that the full and delta CRLs of this issuer and
   * partition ever had; or the number `shared`. Transactions are serial, so no number is given
   * twice.
   */
  readonly reserveCrl: (reservation: CrlReservation) => Promise<CrlRecord>;
  readonly updateCrl: (crl: CrlRecord) => Promise<void>;
};

export type RevokedEntry = {
  readonly serial: string;
  readonly at: Instant;
  /** `removeFromCRL` occurs in delta CRLs only (RFC 5280 5.3.1). */
  readonly reason: RevocationReason | 'removeFromCRL';
  readonly invalidityDate: Instant | null;
};

/** Which certificates a snapshot covers. */
export type SnapshotRequest = {
  readonly issuer: IssuerId;
  readonly partition: CrlPartition;
  /** thisUpdate of the CRL that is made from the snapshot. */
  readonly thisUpdate: Instant;
};

/**
 * One consistent view of revoked certificates, ascending by serial number, valid while `use`
 * runs.
 */
export type RevokedSnapshot = {
  readonly seen: ListSeen;
  readonly count: () => Promise<{
    readonly entries: number;
    readonly encodedReasons: number;
    readonly encodedDates: number;
  }>;
  readonly entries: () => AsyncIterable<readonly RevokedEntry[]>;
  /**
   * What turns a full CRL that has seen `base` into the full CRL of this moment: new and changed
   * entries, and `removeFromCRL` for certificates that were released, or expired long enough ago.
   * null: more than `entriesMax`.
   */
  readonly changes: (base: ListSeen, entriesMax: number) => Promise<readonly RevokedEntry[] | null>;
  /**
   * Some certificates from each of these serial numbers on, and the one whose status changed last.
   */
  readonly sample: (serialsFrom: readonly string[]) => Promise<CrlSample>;
};

/** How some certificates have to appear in a CRL. */
export type CrlSample = {
  readonly listed: readonly RevokedEntry[];
  /** Serial numbers. */
  readonly unlisted: readonly string[];
  /** The certificate of the sample whose status changed last; null: none ever changed. */
  readonly newest: { readonly serial: string; readonly change: number } | null;
};
