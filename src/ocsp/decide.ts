/** From what the database knows of a serial number to what a relying party is told. */
import type { Instant } from '../kernel/clock.js';
import type { RevocationReason, StatusRecord } from '../ports/store/statuses.js';

/** `isOver`: past its notAfter. What it was is told as long as there is a record of it. */
export type CertStatus =
  | { readonly kind: 'good'; readonly isOver?: true }
  | { readonly kind: 'revoked'; readonly at: Instant; readonly reason: RevocationReason; readonly isOver?: true }
  /** Told as revoked (certificateHold, 1970-01-01) with extendedRevoke: RFC 6960 2.2 and 4.4.8. */
  | { readonly kind: 'never-issued-revoked' }
  | { readonly kind: 'unknown' };

export type Decision = CertStatus | { readonly kind: 'try-later' };

/** What policy says of serial numbers that were never issued; never `good`. */
export type NeverIssued = 'unknown' | 'revoked';

/**
 * null: no certificate of this issuer ever had the number. While an intent is open nobody can know whether a signed
 * certificate exists, so neither `good` nor `unknown` would be true. A pending certificate may be on its card already: `good`.
 */
export function decideStatus(record: StatusRecord | null, neverIssued: NeverIssued): Decision {
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
