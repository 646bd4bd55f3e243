/**
 * Bounds what strangers can make us write: so many lines in a window, and for the rest one line that says how many they were.
 * Whoever floods a log fills no disk, and hides no more than the particulars of what came after.
 */
export type FloodGate = {
  /** True where this one may be written. */
  admit(): boolean;
};

export type FloodLimits = { readonly linesMax: number; readonly windowMs: number };

/** Of refusals, in a log and in a journal. At 300 octets a line this is under 10 MB a day, of nothing but refusals. */
export const REFUSALS_KEPT: FloodLimits = { linesMax: 20, windowMs: 60_000 };

/** `onRest` is told at the end of a window how many were not admitted; not when there were none. */
export function createFloodGate({ linesMax, windowMs }: FloodLimits, onRest: (count: number) => void): FloodGate {
  let admitted = 0;
  let held = 0;
  let isOpen = false;

  function end(): void {
    isOpen = false;
    const rest = held;
    admitted = 0;
    held = 0;
    if (rest > 0) onRest(rest);
  }

  return {
    admit() {
      if (!isOpen) setTimeout(end, windowMs).unref();
      isOpen = true;
      if (admitted < linesMax) {
        admitted += 1;
        return true;
      }
      held += 1;
      return false;
    },
  };
}
