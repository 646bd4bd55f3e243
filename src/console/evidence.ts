/** The certificates that a revocation changes, and what relying parties get for them afterwards. */
import type { Instant } from '../kernel/clock.js';
import type { Result } from '../kernel/result.js';
import { statusOf } from '../lifecycle/status.js';
import type { AskedStatus, ServingContext } from '../operations/serving.js';
import type { CertificateSummary } from '../ports/store/certificates.js';

export type Answers = readonly Result<AskedStatus, string>[];

/** Somebody waits for the page, so some of many certificates are asked for. */
const ASKED_MAX = 3;

/** The answers about the first certificates that are revoked or suspended, asked at once. */
export function askAboutRevoked(
  { askStatus }: Pick<ServingContext, 'askStatus'>,
  certificates: readonly Pick<CertificateSummary, 'issuer' | 'serial' | 'state'>[],
): Promise<Answers> {
  const revoked = certificates.filter(({ state: { status } }) => status === 'revoked' || status === 'suspended');
  return Promise.all(revoked.slice(0, ASKED_MAX).map(({ issuer, serial }) => askStatus(issuer, serial)));
}

/** The certificates that are neither revoked nor over. */
export function liveOf(certificates: readonly CertificateSummary[], now: Instant): readonly CertificateSummary[] {
  return certificates.filter((certificate) => {
    const status = statusOf(certificate, now);
    return status !== 'revoked' && status !== 'expired';
  });
}
