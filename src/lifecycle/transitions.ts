/**
 * The life of a certificate: every state against every event, as one table. The clock decides
 * nothing here: an expired certificate may still be revoked. RFC 5280 allows it, section 3.3 has
 * such an entry appear on one more CRL, and a verifier of an old signature needs to know that the
 * key was compromised. A second revocation does not change the first one: raising its reason to
 * keyCompromise would change a status that relying parties already have.
 */
import type { Instant } from '../kernel/clock.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { RevocationReason, StoredState } from '../ports/store/statuses.js';
import { type Fault, fault } from '../texts/text.js';

/** The reasons of a revocation. `certificateHold` is not one: it is the reason of a suspension. */
export const FINAL_REASONS = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
] as const satisfies readonly RevocationReason[];

export type LifecycleEvent =
  /**
   * The signature over the stored bytes has been verified. `pending`: the certificate still has to
   * be written to its card.
   */
  | { readonly kind: 'sign'; readonly status: 'issued' | 'pending' }
  /** The intent will never be finished: its serial number stays used and is listed as revoked. */
  | { readonly kind: 'abandon'; readonly at: Instant }
  /** The certificate is on its card. */
  | { readonly kind: 'confirm' }
  | {
      readonly kind: 'suspend';
      readonly at: Instant;
      readonly invalidityDate: Instant | null;
      /** Whether the profile allows suspension. */
      readonly allowed: boolean;
    }
  | { readonly kind: 'release'; readonly at: Instant }
  | {
      readonly kind: 'revoke';
      readonly at: Instant;
      readonly reason: RevocationReason;
      readonly invalidityDate: Instant | null;
    };

type TransitionRule =
  | 'already-signed'
  | 'already-revoked'
  | 'intent-not-finished'
  | 'not-pending'
  | 'pending-not-suspended'
  | 'already-suspended'
  | 'not-suspended'
  | 'suspension-allowed'
  | 'hold-is-a-suspension';

type StateConflict = { readonly kind: 'state-conflict' } & Fault;

type Status = StoredState['status'];
type EventKind = LifecycleEvent['kind'];
type Cell = { readonly to: Status | 'as-signed' } | { readonly refused: TransitionRule };

/**
 * Each row is a state before the event. Nothing leaves `revoked`; `open` becomes a certificate or a
 * revoked serial number.
 */
export const TRANSITIONS: Readonly<Record<Status, Readonly<Record<EventKind, Cell>>>> = {
  open: {
    sign: { to: 'as-signed' },
    abandon: { to: 'revoked' },
    confirm: { refused: 'intent-not-finished' },
    suspend: { refused: 'intent-not-finished' },
    release: { refused: 'intent-not-finished' },
    // The signature may be on its way to the lost card.
    revoke: { to: 'revoked' },
  },
  pending: {
    sign: { refused: 'already-signed' },
    abandon: { refused: 'already-signed' },
    confirm: { to: 'issued' },
    // A release would have to remember that the card has not confirmed it.
    suspend: { refused: 'pending-not-suspended' },
    release: { refused: 'not-suspended' },
    revoke: { to: 'revoked' },
  },
  issued: {
    sign: { refused: 'already-signed' },
    abandon: { refused: 'already-signed' },
    confirm: { refused: 'not-pending' },
    suspend: { to: 'suspended' },
    release: { refused: 'not-suspended' },
    revoke: { to: 'revoked' },
  },
  suspended: {
    sign: { refused: 'already-signed' },
    abandon: { refused: 'already-signed' },
    confirm: { refused: 'not-pending' },
    suspend: { refused: 'already-suspended' },
    release: { to: 'issued' },
    revoke: { to: 'revoked' },
  },
  revoked: {
    sign: { refused: 'already-revoked' },
    abandon: { refused: 'already-revoked' },
    confirm: { refused: 'already-revoked' },
    suspend: { refused: 'already-revoked' },
    release: { refused: 'already-revoked' },
    revoke: { refused: 'already-revoked' },
  },
};

/**
 * Returns the state after the event, or why there is none. The caller has locked the row, and
 * writes the result.
 */
export function decideTransition(state: StoredState, event: LifecycleEvent): Result<StoredState, StateConflict> {
  const cell = TRANSITIONS[state.status][event.kind];
  if ('refused' in cell) return refuse(cell.refused);
  switch (event.kind) {
    case 'sign':
      return ok({ status: event.status });
    case 'abandon':
      return ok({ status: 'revoked', at: event.at, reason: 'unspecified', invalidityDate: null });
    case 'confirm':
    case 'release':
      return ok({ status: 'issued' });
    case 'suspend':
      if (!event.allowed) return refuse('suspension-allowed');
      return ok({ status: 'suspended', at: event.at, invalidityDate: event.invalidityDate });
    case 'revoke':
      return revoked(state, event);
  }
}

/**
 * A suspension that becomes a revocation keeps its date, because the certificate has not been good
 * since (ITU-T X.509, hold instruction code: the revocation date is the date the certificate was
 * placed on hold). Its invalidity date stays unless a new one is given.
 */
function revoked(
  state: StoredState,
  { at, reason, invalidityDate }: Extract<LifecycleEvent, { kind: 'revoke' }>,
): Result<StoredState, StateConflict> {
  if (reason === 'certificateHold') return refuse('hold-is-a-suspension');
  const hold = state.status === 'suspended' ? state : { at, invalidityDate: null };
  return ok({ status: 'revoked', at: hold.at, reason, invalidityDate: invalidityDate ?? hold.invalidityDate });
}

function refuse(rule: TransitionRule): Result<never, StateConflict> {
  return err({ kind: 'state-conflict', ...fault(rule) });
}
