import { type Instant, toSecond } from '../kernel/clock.js';
import type { StoredState } from '../ports/store/statuses.js';

/** The contract's word for a certificate's state. */
export type CertificateStatus = 'pending' | 'issued' | 'suspended' | 'revoked' | 'expired';

/**
 * Revoked stays revoked past its end; everything else is `expired` then, a suspension too. null while the intent is open:
 * that is no certificate yet, and nobody is shown one.
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
