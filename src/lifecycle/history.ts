/** The status of a certificate at a past time, from its events. */
import type { Instant } from '../kernel/clock.js';
import type { CertificateRecord } from '../ports/store/certificates.js';
import type { StatusEvent } from '../ports/store/statuses.js';
import { type CertificateStatus, statusOf } from './status.js';

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
