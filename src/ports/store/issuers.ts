/**
 * Issuing CAs that their roots have revoked. They issue nothing more, and their certificates
 * authenticate nobody. A revocation of a CA is final, whatever a later list says.
 */
import type { Instant } from '../../kernel/clock.js';
import type { IssuerId } from '../signer.js';

type RevokedIssuer = {
  readonly issuer: IssuerId;
  /** The reason on the CRL of the root, by its name in RFC 5280 5.3.1. */
  readonly reason: string;
  /** Number of the CRL of the root from which it was learnt. */
  readonly listNumber: number;
  readonly at: Instant;
};

export type IssuerReads = {
  /** All of them. They are few, because a root revokes few CAs. */
  readonly revokedIssuers: () => Promise<ReadonlyMap<IssuerId, RevokedIssuer>>;
};

export type IssuerWrites = {
  /** Rows are never changed or deleted, so none of the issuers may have one already. */
  readonly insertRevokedIssuers: (revoked: readonly RevokedIssuer[]) => Promise<void>;
};
