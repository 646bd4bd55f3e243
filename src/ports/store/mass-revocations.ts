/**
 * Mass revocations: orders to revoke every certificate that a selection finds. Their items are
 * fixed at submission.
 */
import type { Instant } from '../../kernel/clock.js';
import type { IssuerId } from '../signer.js';
import type { AccountScope } from './accounts.js';
import type { RevocationReason } from './statuses.js';

/** All that are not null must match; at least one is not null. */
export type RevocationSelection = {
  readonly authority: string | null;
  readonly profile: string | null;
  /** Times of creation, both included. */
  readonly issuedFrom: Instant | null;
  readonly issuedUntil: Instant | null;
  /** SHA-256 hex of the SubjectPublicKeyInfo. */
  readonly spkiSha256: string | null;
};

/**
 * The certificates that the selection finds, that the account may see, and that are not revoked.
 */
export type SelectedCertificates = { readonly selection: RevocationSelection; readonly scope: AccountScope };

/** A selected certificate. */
export type SelectedCertificate = {
  readonly id: string;
  readonly issuer: IssuerId;
  readonly serial: string;
  /** SHA-256 hex of the SubjectPublicKeyInfo. */
  readonly spkiSha256: string;
  readonly holderId: string;
};

export type MassRevocation = {
  /** UUID. */
  readonly id: string;
  readonly accountId: string;
  /** The request that submitted the order, which the audit entries of its certificates name. */
  readonly requestId: string | null;
  readonly submittedAt: Instant;
  readonly selection: RevocationSelection;
  readonly reason: Exclude<RevocationReason, 'certificateHold'>;
  readonly invalidityDate: Instant | null;
  readonly state: 'running' | 'completed' | 'cancelled';
  readonly finishedAt: Instant | null;
  /**
   * Number of items; how many of them this order revoked, and how many were revoked by others in
   * the meantime. Items are processed in the order of their positions, so the sum of the last two
   * is the progress.
   */
  readonly matched: number;
  readonly revoked: number;
  readonly alreadyRevoked: number;
};

type MassRevocationOutcome = 'revoked' | 'already-revoked';

export type MassRevocationItem = {
  /** From 1, ordered by certificate id. */
  readonly position: number;
  readonly certificateId: string;
  readonly issuer: IssuerId;
  readonly serial: string;
  readonly profile: string;
  /** null: not yet processed. */
  readonly outcome: MassRevocationOutcome | null;
};

export type MassRevocationReads = {
  readonly massRevocation: (id: string) => Promise<MassRevocation | null>;
  /** Oldest first. */
  readonly runningMassRevocations: () => Promise<readonly MassRevocation[]>;
  /** Items after position `after`, in their order. */
  readonly massRevocationItems: (page: {
    readonly id: string;
    readonly after: number;
    readonly limit: number;
  }) => Promise<readonly MassRevocationItem[]>;
  /** Counts up to `countMax` and stops there. */
  readonly countSelected: (selected: SelectedCertificates, countMax: number) => Promise<number>;
  /**
   * The selected certificates that have not expired at `now` and are on one of these keys or of one
   * of these holders.
   */
  readonly selectedAmong: (
    selected: SelectedCertificates,
    among: { readonly spkiSha256s: readonly string[]; readonly holderIds: readonly string[]; readonly now: Instant },
  ) => Promise<readonly SelectedCertificate[]>;
};

export type MassRevocationWrites = {
  /** Inserts the order, and as its items all that is selected now. */
  readonly insertMassRevocation: (order: MassRevocation, selected: SelectedCertificates) => Promise<void>;
  readonly storeMassRevocationOutcomes: (
    id: string,
    outcome: MassRevocationOutcome,
    positions: readonly number[],
  ) => Promise<void>;
  /** Updates the state and the counts. */
  readonly updateMassRevocation: (order: MassRevocation) => Promise<void>;
};
