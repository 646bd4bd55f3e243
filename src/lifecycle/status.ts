import { type Instant, toSecond } from '../kernel/clock.js';
import type { CertificateRecord } from '../ports/store/certificates.js';
import type { StoredState } from '../ports/store/statuses.js';

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
