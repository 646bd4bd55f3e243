/**
 * Counts wrong secrets by reference, in memory, and reports a reference that gets many. Nothing is
 * locked: references are public, and locking would let anybody stop an enrolment.
 */
import type { Instant } from '../../kernel/clock.js';
import { MINUTE_MS } from '../../kernel/duration.js';
import type { Clock, Log } from '../../ports/world.js';

const WINDOW_MS = 15 * MINUTE_MS;
const FAILURES_ALARM = 20;
/** References that are counted at once. Above it, the one that was first counted is forgotten. */
const REFERENCES_MAX = 10_000;
/** References of registrations and ids of accounts. Texts of other forms are counted as one. */
const REFERENCE = /^([A-Z2-7]{16}|[a-z0-9][a-z0-9.-]{0,63})$/;

type Window = { readonly since: Instant; count: number };

export function createSecretFailures({
  clock,
  log,
  count,
}: {
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  /** Counts every failure, for the metric. */
  readonly count: () => void;
}): (reference: string) => void {
  const windows = new Map<string, Window>();
  return (given) => {
    count();
    const reference = REFERENCE.test(given) ? given : 'other';
    const now = clock();
    const known = windows.get(reference);
    const window = known !== undefined && now - known.since < WINDOW_MS ? known : { since: now, count: 0 };
    window.count += 1;
    if (window !== known) {
      windows.delete(reference);
      windows.set(reference, window);
      const [oldest] = windows.keys();
      if (windows.size > REFERENCES_MAX && oldest !== undefined) windows.delete(oldest);
    }
    if (window.count === FAILURES_ALARM) log.warn('registration.wrong-secrets', { reference, failures: window.count });
  };
}
