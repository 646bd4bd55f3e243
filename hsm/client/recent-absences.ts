/** Signers that were found away a moment ago, by the path of their socket; and profiles that have had their hour's certificates there. */
import type { SignerAway } from '../../src/ports/signer.js';

export type RecentAbsences = {
  readonly note: (path: string, away: SignerAway) => void;
  /** It has signed a certificate of this profile. */
  readonly clear: (path: string, profile: string) => void;
  /** With the time that is left. */
  readonly at: (path: string, profile: string) => SignerAway | null;
};

/** Whoever comes later asks again: the answer of one request is all that others are spared. */
const REMEMBERED_MS_MAX = 2_000;
/** Of a profile: its cap is known to the minute, and only an officer opens it earlier. */
const PROFILE_REMEMBERED_MS_MAX = 60_000;

type Known = { readonly away: SignerAway; readonly notedAt: number };

/** `now`: milliseconds of a clock that does not step back. */
export function createRecentAbsences(now: () => number): RecentAbsences {
  const known = new Map<string, Known>();

  function found(key: string): SignerAway | null {
    const { away, notedAt } = known.get(key) ?? {};
    if (away === undefined || notedAt === undefined) return null;
    const agoMs = now() - notedAt;
    const rememberedMs = away.profile === undefined ? REMEMBERED_MS_MAX : PROFILE_REMEMBERED_MS_MAX;
    if (agoMs < Math.min(away.retryAfterMs, rememberedMs)) return { ...away, retryAfterMs: away.retryAfterMs - agoMs };
    known.delete(key);
    return null;
  }

  return {
    note: (path, away) => known.set(keyOf(path, away.profile), { away, notedAt: now() }),
    clear(path, profile) {
      known.delete(keyOf(path));
      known.delete(keyOf(path, profile));
    },
    at: (path, profile) => found(keyOf(path)) ?? found(keyOf(path, profile)),
  };
}

function keyOf(path: string, profile = ''): string {
  return `${path}\0${profile}`;
}
