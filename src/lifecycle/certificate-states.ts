import { formatInstant, type Instant, toSecond } from '../kernel/clock.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { CertificateRecord } from '../ports/store/certificates.js';
import type { ExpiringCertificate, OutboxEvent } from '../ports/store/outbox/events.js';
import type { RevocationReason, StatusEvent, StoredState } from '../ports/store/statuses.js';
import { type Fault, fault } from '../texts/text.js';

/** The status of a certificate as the API names it. */
export type CertificateStatus = 'pending' | 'issued' | 'suspended' | 'revoked' | 'expired';

/**
 * A revoked certificate stays `revoked` after its end. All others become `expired` then, suspended
 * ones too. null while the intent is open: it is no certificate yet, and is not shown.
 */
export function statusOf(
  { state, notAfter }: { readonly state: StoredState; readonly notAfter: Instant },
  now: Instant,
): CertificateStatus | null {
  if (state.status === 'open') return null;
  if (state.status === 'revoked') return 'revoked';
  return isExpired(notAfter, now) ? 'expired' : state.status;
}

/** The second of notAfter is still within the validity period (RFC 5280 4.1.2.5: inclusive). */
export function isExpired(notAfter: Instant, now: Instant): boolean {
  return toSecond(now) > notAfter;
}

/** Whether there is a certificate to show: an intent, open or abandoned, has none. */
export function isCertificate({
  signature,
  recoveredSha256,
}: Pick<CertificateRecord, 'signature' | 'recoveredSha256'>): boolean {
  return signature !== null || recoveredSha256 !== null;
}

/** What the confirmation of a certificate says about its key and its use. */

/**
 * Whether the requester has proven possession of the private key: before the issuance, or by the
 * confirmation of a certificate that was encrypted to its key (RFC 9810 5.2.8.3.2). Otherwise the
 * key may be anybody's, because public keys are public.
 */
export function isKeyProven({ encrypted, confirmed }: Pick<CertificateRecord, 'encrypted' | 'confirmed'>): boolean {
  return !encrypted || confirmed;
}

/** Whether it was in force at some time, also if it is revoked now. */
export function wasInForce({
  signature,
  becomes,
  confirmed,
}: Pick<CertificateRecord, 'signature' | 'becomes' | 'confirmed'>): boolean {
  return signature !== null && (becomes === 'issued' || confirmed);
}

/**
 * The life of a certificate: every state against every event, as one table. The clock decides
 * nothing here: an expired certificate may still be revoked. RFC 5280 allows it, section 3.3 has
 * such an entry appear on one more CRL, and a verifier of an old signature needs to know that the
 * key was compromised. A second revocation does not change the first one: raising its reason to
 * keyCompromise would change a status that relying parties already have.
 */

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

/** The events of certificates that endpoints get: ids and serial numbers, never names. */

export function issuanceEvent(record: CertificateRecord, at: Instant): OutboxEvent {
  const { id: subject, accountId: account, notBefore, notAfter } = record;
  const validity = { notBefore: formatInstant(notBefore), notAfter: formatInstant(notAfter) };
  return { topic: 'certificate.issued', subject, account, at, data: { ...identityOf(record), ...validity } };
}

/**
 * The events of certificates whose status has changed, in their new state. An intent that is given
 * up was never a certificate, and has none.
 */
export function statusEvents(changed: readonly CertificateRecord[], at: Instant): readonly OutboxEvent[] {
  return changed.filter(isCertificate).map((record) => {
    const { id: subject, accountId: account, state } = record;
    return { topic: topicOf(state), subject, account, at, data: { ...identityOf(record), ...reasonOf(state) } };
  });
}

export function expiringEvent(certificate: ExpiringCertificate, days: number, at: Instant): OutboxEvent {
  const { id: subject, accountId: account, notAfter } = certificate;
  const data = { ...identityOf(certificate), notAfter: formatInstant(notAfter), days };
  return { topic: 'certificate.expiring', subject, account, at, data };
}

type Identity = { readonly issuer: string; readonly serial: string; readonly profile: string };

function identityOf({ issuer, serial, profile }: Identity) {
  return { issuer, serialNumber: serial, profile };
}

function topicOf({ status }: StoredState): OutboxEvent['topic'] {
  if (status === 'revoked') return 'certificate.revoked';
  return status === 'suspended' ? 'certificate.suspended' : 'certificate.released';
}

function reasonOf(state: StoredState) {
  if (state.status === 'revoked') return { reason: state.reason, revokedAt: formatInstant(state.at) };
  return state.status === 'suspended' ? { suspendedAt: formatInstant(state.at) } : {};
}

/** The status of a certificate at a past time, from its events. */

export type PastStatus = {
  /** null: it did not exist yet, or its intent was never finished. */
  readonly status: CertificateStatus | null;
  /** The status that OCSP gave. */
  readonly ocsp: 'good' | 'revoked' | 'unknown';
  /** The last event until then; null: none since it was issued. */
  readonly event: StatusEvent | null;
};

/**
 * `signature`: null: an intent that was abandoned or is open, or a recovered certificate; left out:
 * it is a certificate.
 */
type CertificateFacts = Pick<CertificateRecord, 'createdAt' | 'state' | 'notAfter' | 'becomes'> &
  Partial<Pick<CertificateRecord, 'signature' | 'recoveredSha256'>>;

/**
 * The status at `at`, from what was recorded until then: a revocation counts from the time when it
 * was recorded, not from an earlier date that it names. `events` are in the order of their commits,
 * so a clock that stepped back does not change which one is the last.
 */
export function statusAt(record: CertificateFacts, events: readonly StatusEvent[], at: Instant): PastStatus {
  if (record.createdAt > at) return { status: null, ocsp: 'unknown', event: null };
  const event = events.findLast((one) => one.at <= at) ?? null;
  const state = event?.state ?? beforeAnyEvent(record, events);
  const status = statusOf({ state, notAfter: record.notAfter }, at);
  if (status === null) return { status, ocsp: 'unknown', event };
  const isRevoked = state.status === 'revoked' || state.status === 'suspended';
  return { status, ocsp: isRevoked ? 'revoked' : 'good', event };
}

/**
 * The state before the first event. Signing is not an event: a certificate counts as what its
 * intent became from its creation on, and an abandoned intent was never a certificate.
 */
function beforeAnyEvent(record: CertificateFacts, events: readonly StatusEvent[]): CertificateRecord['state'] {
  if (events.length === 0) return record.state;
  const isIntent = record.signature === null && (record.recoveredSha256 ?? null) === null;
  return isIntent ? { status: 'open' } : { status: record.becomes };
}
