/**
 * Limits the signatures of errors that answer messages which could not be verified: strangers can
 * cause any number of them. Beyond the limit such an error has no protection (RFC 9483 3.6.4).
 */
import { SECOND_MS } from '../../kernel/duration.js';

const SIGNATURES_PER_SECOND = 20;

/** Whether one more error may be signed now. `steadyMs`: milliseconds of a monotonic clock. */
export function createErrorSignatures(steadyMs: () => number): () => boolean {
  const bucket = { left: SIGNATURES_PER_SECOND, filledAt: steadyMs() };
  return () => {
    const now = steadyMs();
    const gained = ((now - bucket.filledAt) / SECOND_MS) * SIGNATURES_PER_SECOND;
    bucket.left = Math.min(SIGNATURES_PER_SECOND, bucket.left + gained);
    bucket.filledAt = now;
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  };
}
