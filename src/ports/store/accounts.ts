/** Accounts of the clients of the API. */
import type { Instant } from '../../kernel/clock.js';
import type { IssuerId } from '../signer.js';
import type { StatusRecord } from './statuses.js';

export type Account = {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly scope: AccountScope;
  /**
   * Certificates it authenticates with: the issuing CA and the SHA-256 hex of the
   * SubjectPublicKeyInfo.
   */
  readonly credentials: readonly { readonly issuer: IssuerId; readonly spkiSha256: string }[];
  readonly disabled: boolean;
  readonly limits: AccountLimits;
  /** Networks in CIDR notation, from which it sends requests; empty: from anywhere. */
  readonly networks: readonly string[];
  /** From then on it is refused; null: it has no end. */
  readonly expiresAt: Instant | null;
  /** The structure that completes a holder for which the account states less; null: none does. */
  readonly structure: AccountStructure | null;
  readonly createdAt: Instant;
};

/**
 * Limits. `perDay` and `perHour`: certificates that are issued for an account in a day and an hour
 * (UTC), on all nodes together. `inFlight`: its simultaneous requests for certificates, on each
 * node. null: unlimited.
 */
export type AccountLimits = {
  readonly perDay: number | null;
  readonly perHour: number | null;
  readonly inFlight: number | null;
};

/** How many certificates of a profile were reserved for an account in an hour since 1970. */
export type AccountUse = {
  readonly account: string;
  readonly hour: number;
  readonly profile: string;
  readonly count: number;
};

/** A certificate that an account authenticates with. */
type AccountCertificateEnd = { readonly account: string; readonly serial: string; readonly notAfter: Instant };

/** The health organisation of an account; its id is in the scope. */
export type AccountStructure = { readonly id: string; readonly name: string; readonly department: string };

/** `*` in a list: all. Applied to issuing, reading and revoking alike. */
export type AccountScope = {
  readonly profiles: readonly string[];
  readonly structures: readonly string[];
  readonly domains: readonly string[];
  /** Whole ids of holders, or prefixes of ids followed by `*`: `8*` (RPPS), `30B0057881/*`. */
  readonly holders: readonly string[];
};

/** A certificate, and the SHA-256 of its SubjectPublicKeyInfo, to which accounts are bound. */
type PresentedCertificate = {
  readonly issuer: IssuerId;
  readonly serial: string;
  readonly spkiSha256: string;
};

export type PresentedState = {
  /** null: the certificate is not in the database. */
  readonly status: StatusRecord | null;
  /** null: the key is not bound to an account. */
  readonly account: Account | null;
  readonly issuerIsRevoked: boolean;
  /** A certificate with this key was revoked for its compromise, or an officer blocked the key. */
  readonly keyIsCompromised: boolean;
};

export type AccountReads = {
  /**
   * Every request of a client needs this, so the implementation reads it with one SQL statement.
   */
  readonly presentedState: (presented: PresentedCertificate) => Promise<PresentedState>;
  readonly accountByCredential: (issuer: IssuerId, spkiSha256: string) => Promise<Account | null>;
  /** Ordered by id. Unknown ids are left out. */
  readonly accountsByIds: (ids: readonly string[]) => Promise<readonly Account[]>;
  readonly accounts: () => Promise<readonly Account[]>;
  /** Issued certificates of enabled accounts, those that end first, `limit` at most. */
  readonly accountCertificateEnds: (limit: number) => Promise<readonly AccountCertificateEnd[]>;
  /** What was counted for these accounts from this hour on. */
  readonly accountUse: (accounts: readonly string[], fromHour: number) => Promise<readonly AccountUse[]>;
};

export type AccountWrites = {
  readonly insertAccount: (account: Account) => Promise<void>;
  /** Everything but the id and the time of creation. */
  readonly updateAccount: (account: Account) => Promise<void>;
  /** Locks the rows of these accounts until the transaction ends, and returns their limits. */
  readonly lockAccountLimits: (accounts: readonly string[]) => Promise<ReadonlyMap<string, AccountLimits>>;
  /** Adds to the counts. No two of `used` have the same account, hour and profile. */
  readonly countAccountUse: (used: readonly AccountUse[]) => Promise<void>;
  /** Deletes the counts of earlier hours. */
  readonly deleteAccountUse: (beforeHour: number) => Promise<void>;
};
