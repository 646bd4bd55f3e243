/**
 * The status of a certificate, and its changes as other processes follow them
 * (`src/jobs/status/status-poller.ts`).
 */
import type { Instant } from '../../kernel/clock.js';
import type { IssuerId } from '../signer.js';

/** The reasons of RFC 5280 5.3.1 that this CA gives. */
export type RevocationReason =
  | 'unspecified'
  | 'keyCompromise'
  | 'affiliationChanged'
  | 'superseded'
  | 'cessationOfOperation'
  | 'certificateHold'
  | 'privilegeWithdrawn';

/**
 * `open`: an intent whose signature is not stored yet. Its serial number is used and never
 * answers `good`.
 */
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

/** What an OCSP response needs and no more: one index look-up. */
export type StatusRecord = { readonly state: StoredState; readonly notAfter: Instant; readonly signed: boolean };

/** The records of several certificates, by serial number. */
export type Statuses = {
  readonly records: ReadonlyMap<string, StatusRecord>;
  /**
   * Number of the last change of any certificate that these records contain; 0 without any.
   * Confirmations do not count as changes, because relying parties are told nothing new.
   */
  readonly lastChange: number;
};

/** A status that changed, whichever process changed it. */
export type StatusChange = {
  readonly seq: number;
  readonly issuer: IssuerId;
  readonly serial: string;
  readonly at: Instant;
};

/** A change in the history of one certificate: the state that it had afterwards. */
export type StatusEvent = { readonly at: Instant; readonly actor: string; readonly state: StoredState };

export type NumberedStatusEvent = StatusEvent & {
  /** Number of its audit entry. */
  readonly auditSeq: number;
  /** Its number as in `StatusChange`; null: a confirmation, which is no change of the status. */
  readonly change: number | null;
};

type UnexpiredPage = { readonly after: string; readonly now: Instant; readonly limit: number };

export type StatusReads = {
  readonly status: (issuer: IssuerId, serial: string) => Promise<StatusRecord | null>;
  readonly statuses: (issuer: IssuerId, serials: readonly string[]) => Promise<Statuses>;
  /** Changes after number `after`, in the order of their commits, without confirmations. */
  readonly statusChanges: (after: number, limit: number) => Promise<readonly StatusChange[]>;
  /** Number of the last change of any certificate that is no confirmation; 0 without any. */
  readonly lastStatusChange: () => Promise<number>;
  /** Changes of one certificate with its confirmation, in the order of their commits. */
  readonly statusEvents: (certificateId: string) => Promise<readonly NumberedStatusEvent[]>;
  /**
   * Serial numbers after `page.after` of certificates that are signed and have not expired,
   * ascending.
   */
  readonly unexpiredSerials: (issuer: IssuerId, page: UnexpiredPage) => Promise<readonly string[]>;
};

type ChangeEvent = { readonly at: Instant; readonly actor: string };

export type StatusWrites = {
  /** Writes the state and one row of `status_events`, with the number of its audit entry. */
  readonly setState: (
    id: string,
    state: StoredState,
    event: ChangeEvent & { readonly auditSeq: number },
  ) => Promise<void>;
  /** Does what `setState` does for many certificates, with few statements. */
  readonly setStates: (
    changes: readonly { readonly id: string; readonly state: StoredState; readonly auditSeq: number }[],
    event: ChangeEvent,
  ) => Promise<void>;
  /**
   * pending -> issued, with rows of `status_events` that do not affect the status that relying
   * parties get.
   */
  readonly confirmCertificates: (
    confirmed: readonly (ChangeEvent & {
      readonly id: string;
      readonly issuer: IssuerId;
      readonly auditSeq: number;
    })[],
  ) => Promise<void>;
};
