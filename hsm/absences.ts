/** Signers that were found away a moment ago, by the path of their socket. */
import type { SignerAway } from '../src/ports/signer.js';

export type Absences = {
  readonly note: (path: string, away: SignerAway) => void;
  readonly clear: (path: string) => void;
  /** With the time that is left. */
  readonly at: (path: string) => SignerAway | null;
};

/** Whoever comes later asks again: the answer of one request is all that others are spared. */
const REMEMBERED_MS_MAX = 2_000;

/** `now`: milliseconds of a clock that does not step back. */
export function createAbsences(now: () => number): Absences {
  const known = new Map<string, { readonly away: SignerAway; readonly until: number }>();
  return {
    note: (path, away) => known.set(path, { away, until: now() + Math.min(away.retryAfterMs, REMEMBERED_MS_MAX) }),
    clear: (path) => known.delete(path),
    at: (path) => {
      const found = known.get(path);
      if (found === undefined) return null;
      const left = found.until - now();
      if (left > 0) return { ...found.away, retryAfterMs: left };
      known.delete(path);
      return null;
    },
  };
}
