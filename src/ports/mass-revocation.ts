/** Revocation of all that a selection finds, however many: an order, its items fixed when it is given, and how far it has come. */
import type { Instant } from '../kernel/clock.js';
import type { IssuerId } from './signer.js';
import type { AccountScope, RevocationReason } from './store.js';

/** All that are not null must hold; at least one is not. */
export type RevocationSelection = {
  readonly authority: string | null;
  readonly profile: string | null;
  /** Births, both included. */
  readonly issuedFrom: Instant | null;
  readonly issuedUntil: Instant | null;
  /** SHA-256 hex of the SubjectPublicKeyInfo. */
  readonly spkiSha256: string | null;
};

/** What it finds that is not revoked, of what the account may see. */
export type Selected = { readonly selection: RevocationSelection; readonly scope: AccountScope };

export type MassRevocation = {
  /** UUID. */
  readonly id: string;
  readonly accountId: string;
  readonly submittedAt: Instant;
  readonly selection: RevocationSelection;
  readonly reason: Exclude<RevocationReason, 'certificateHold'>;
  readonly invalidityDate: Instant | null;
  readonly state: 'running' | 'completed' | 'cancelled';
  readonly finishedAt: Instant | null;
  /**
   * Items, and of them those that were revoked by this order and those that somebody else had revoked meanwhile. They are dealt with
   * in the order of their positions, so that both together say how far it has come.
   */
  readonly matched: number;
  readonly revoked: number;
  readonly alreadyRevoked: number;
};

export type MassRevocationOutcome = 'revoked' | 'already-revoked';

export type MassRevocationItem = {
  /** From 1, in the order of birth. */
  readonly position: number;
  readonly certificateId: string;
  readonly issuer: IssuerId;
  readonly serial: string;
  readonly profile: string;
  /** null: its turn has not come. */
  readonly outcome: MassRevocationOutcome | null;
};

export type MassRevocationReads = {
  readonly massRevocation: (id: string) => Promise<MassRevocation | null>;
  /** Oldest first. */
  readonly runningMassRevocations: () => Promise<readonly MassRevocation[]>;
  /** In their order, those after position `after`. */
  readonly massRevocationItems: (page: {
    readonly id: string;
    readonly after: number;
    readonly limit: number;
  }) => Promise<readonly MassRevocationItem[]>;
  /** No more than `countMax` are counted. */
  readonly countSelected: (selected: Selected, countMax: number) => Promise<number>;
};

export type MassRevocationWrites = {
  /** Of a new order: itself, and all that is selected now as its items. */
  readonly insertMassRevocation: (order: MassRevocation, selected: Selected) => Promise<void>;
  readonly settleMassRevocationItems: (
    id: string,
    outcome: MassRevocationOutcome,
    positions: readonly number[],
  ) => Promise<void>;
  /** State and counts. */
  readonly updateMassRevocation: (order: MassRevocation) => Promise<void>;
};
