/**
 * Decides the certificate status in a response from the record of a serial number in the database.
 */
import type { Instant } from '../kernel/clock.js';
import type { RevocationReason, StatusRecord } from '../ports/store/statuses.js';

/**
 * The status that a response reports. `hasExpired`: the certificate has expired, and its last
 * status is reported as long as its record exists.
 */
export type CertStatus =
  | { readonly kind: 'good'; readonly hasExpired?: true }
  | { readonly kind: 'revoked'; readonly at: Instant; readonly reason: RevocationReason; readonly hasExpired?: true }
  /**
   * A serial number that was never issued, reported as revoked (certificateHold, 1970-01-01) with
   * extendedRevoke (RFC 6960 2.2 and 4.4.8).
   */
  | { readonly kind: 'never-issued-revoked' }
  | { readonly kind: 'unknown' };

/**
 * The earlier statuses of a certificate that must not be sent any more after this one was read. An
 * issued certificate never becomes unknown again.
 */
export const OUTDATED_BY: Readonly<Record<CertStatus['kind'], readonly CertStatus['kind'][]>> = {
  good: ['revoked', 'never-issued-revoked', 'unknown'],
  revoked: ['good', 'never-issued-revoked', 'unknown'],
  'never-issued-revoked': ['good'],
  unknown: [],
};

type StatusDecision = CertStatus | { readonly kind: 'try-later' };

/**
 * The status that the policy sets for serial numbers that were never issued; it cannot be `good`.
 */
type NeverIssuedStatus = 'unknown' | 'revoked';

/**
 * Returns the status to report, or `try-later`. `record`: null if no certificate of this issuer
 * ever had the serial number. While an intent is open, it is not known whether a signed certificate
 * exists, so both `good` and `unknown` could be wrong. A pending certificate, which is signed and
 * not confirmed yet, may already be in use, so it is `good`.
 */
export function decideStatus(record: StatusRecord | null, neverIssued: NeverIssuedStatus): StatusDecision {
  if (record === null) return neverIssued === 'revoked' ? { kind: 'never-issued-revoked' } : { kind: 'unknown' };
  const { state } = record;
  switch (state.status) {
    case 'open':
      return { kind: 'try-later' };
    case 'pending':
    case 'issued':
      return { kind: 'good' };
    case 'suspended':
      return { kind: 'revoked', at: state.at, reason: 'certificateHold' };
    case 'revoked':
      return { kind: 'revoked', at: state.at, reason: state.reason };
  }
}
