import type { Instant } from '../../kernel/clock.js';
import { hasSameStatusesAndSigner, type OcspQuestion, refreshTimeOf } from '../../ocsp/answer.js';
import type { CachedAnswer, createOcspCache } from '../../ocsp/cache.js';
import type { CertStatus } from '../../ocsp/decide.js';

/** Cached OCSP responses that are no longer fresh, and may still be sent. */
type Cache = ReturnType<typeof createOcspCache>;
type Moment = { readonly statuses: readonly CertStatus[]; readonly now: Instant };

/**
 * An older response that agrees with the database, and lasts longer than HTTP caches would keep
 * it.
 */
export function lastingAnswer(
  cache: Cache,
  { key, ...asked }: OcspQuestion,
  { statuses, now, lastsMs }: Moment & { readonly lastsMs: number },
): CachedAnswer | null {
  const old = key === null ? null : cache.usable(key, now);
  if (old === null || old.thisUpdate > now || old.nextUpdate - now <= lastsMs) return null;
  return hasSameStatusesAndSigner(old, asked, statuses) ? old : null;
}

/**
 * A response of a former process in the first half of its life is as good as a fresh one, if the
 * database agrees with it.
 */
export function refreshedAnswer(
  cache: Cache,
  { key, ...asked }: OcspQuestion,
  { statuses, now }: Moment,
): CachedAnswer | null {
  const old = key === null ? null : cache.peek(key);
  if (
    old === null ||
    old.thisUpdate > now ||
    refreshTimeOf(old) <= now ||
    !hasSameStatusesAndSigner(old, asked, statuses)
  )
    return null;
  return { ...old, freshUntil: refreshTimeOf(old) };
}

/** An earlier response that still agrees with the database, for when nothing can be signed. */
export function staleAnswer(
  cache: Cache,
  { key, ...asked }: OcspQuestion,
  { statuses, now }: { readonly statuses: Moment['statuses'] | null; readonly now: Instant },
): CachedAnswer | null {
  const cached = key === null || statuses === null ? null : cache.usable(key, now);
  return cached !== null && hasSameStatusesAndSigner(cached, asked, statuses ?? []) ? cached : null;
}
