/** Accounts of the clients of the API. */
import type { Instant } from '../../kernel/clock.js';
import type { IssuerId } from '../signer.js';

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
  /** What completes a holder that the account asks for with less; null: nothing does. */
  readonly structure: AccountStructure | null;
  readonly createdAt: Instant;
};

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

export type AccountReads = {
  readonly accountByCredential: (issuer: IssuerId, spkiSha256: string) => Promise<Account | null>;
  /** Ordered by id. Unknown ids are left out. */
  readonly accountsByIds: (ids: readonly string[]) => Promise<readonly Account[]>;
  readonly accounts: () => Promise<readonly Account[]>;
};

export type AccountWrites = {
  readonly insertAccount: (account: Account) => Promise<void>;
  /** Everything but the id and the time of creation. */
  readonly updateAccount: (account: Account) => Promise<void>;
};
