/** What a certificate's status was, from the order of what happened to it. */
import type { Instant } from '../kernel/clock.js';
import type { CertificateRecord } from '../ports/store/certificates.js';
import type { StatusEvent } from '../ports/store/statuses.js';
import { type CertificateStatus, statusOf } from './status.js';

export type StatusThen = {
  /** null: it was not there yet, or its intent was never finished. */
  readonly status: CertificateStatus | null;
  /** What OCSP said of it. */
  readonly ocsp: 'good' | 'revoked' | 'unknown';
  /** The last thing that had happened; null: nothing since it was issued. */
  readonly event: StatusEvent | null;
};

/**
 * As of `at`, by what was decided by then: a revocation counts from when it was recorded, not from an earlier date that it names.
 * `events` are in the order of their commits; a clock that stepped back does not change which is the last.
 */
export function statusAt(record: CertificateRecord, events: readonly StatusEvent[], at: Instant): StatusThen {
  if (record.createdAt > at) return { status: null, ocsp: 'unknown', event: null };
  const event = events.findLast((one) => one.at <= at) ?? null;
  const state = event?.state ?? beforeAnyEvent(record, events);
  const status = statusOf({ state, notAfter: record.notAfter }, at);
  if (status === null) return { status, ocsp: 'unknown', event };
  const isRevoked = state.status === 'revoked' || state.status === 'suspended';
  return { status, ocsp: isRevoked ? 'revoked' : 'good', event };
}

/** Signatures are no events: what was issued was so from then on, and a given-up intent never was. */
function beforeAnyEvent(record: CertificateRecord, events: readonly StatusEvent[]): CertificateRecord['state'] {
  if (events.length === 0) return record.state;
  return record.signature === null ? { status: 'open' } : { status: 'issued' };
}
