/**
 * Remembers signers that were unavailable a moment ago, by the path of their socket (for a group:
 * of its first socket), and profiles that have reached their rate cap there.
 */
import type { SignerUnavailable } from '../../src/ports/signer.js';

type RecentAbsences = {
  readonly note: (path: string, unavailable: SignerUnavailable) => void;
  /** Called when the signer has signed a certificate of this profile. */
  readonly clear: (path: string, profile: string) => void;
  /**
   * Returns the remembered absence of the signer, or the reached cap of this profile, with the
   * remaining retry time; null: neither is remembered.
   */
  readonly at: (path: string, profile: string) => SignerUnavailable | null;
};

/**
 * An absence is remembered at most this long. After this time a request is sent again, so that an
 * available signer is found.
 */
const REMEMBERED_MS_MAX = 2_000;
/**
 * A reached rate cap is remembered at most this long. It usually lasts for minutes: only a new
 * policy with a higher cap ends it earlier.
 */
const PROFILE_REMEMBERED_MS_MAX = 60_000;

type NotedAbsence = { readonly unavailable: SignerUnavailable; readonly notedAt: number };

/** Creates an empty memory. `now`: returns milliseconds of a monotonic clock. */
export function createRecentAbsences(now: () => number): RecentAbsences {
  const noted = new Map<string, NotedAbsence>();

  function found(key: string): SignerUnavailable | null {
    const { unavailable, notedAt } = noted.get(key) ?? {};
    if (unavailable === undefined || notedAt === undefined) return null;
    const agoMs = now() - notedAt;
    const rememberedMs = unavailable.profile === undefined ? REMEMBERED_MS_MAX : PROFILE_REMEMBERED_MS_MAX;
    if (agoMs < Math.min(unavailable.retryAfterMs, rememberedMs))
      return { ...unavailable, retryAfterMs: unavailable.retryAfterMs - agoMs };
    noted.delete(key);
    return null;
  }

  return {
    note: (path, unavailable) => noted.set(keyOf(path, unavailable.profile), { unavailable, notedAt: now() }),
    clear(path, profile) {
      noted.delete(keyOf(path));
      noted.delete(keyOf(path, profile));
    },
    at: (path, profile) => found(keyOf(path)) ?? found(keyOf(path, profile)),
  };
}

function keyOf(path: string, profile = ''): string {
  return `${path}\0${profile}`;
}
