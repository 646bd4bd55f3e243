/** Counts wrong secrets of registrations in the metrics, and logs a reference that gets many. */
import type { Metrics } from '../../observe/metrics.js';
import { createSecretFailures } from '../../operations/enrolment/secret-failures.js';
import type { Log } from '../../ports/world.js';
import { systemClock } from '../world.js';

export function secretFailuresOf(log: Log, { registrationSecretFailures }: Metrics): (reference: string) => void {
  return createSecretFailures({ clock: systemClock, log, count: () => registrationSecretFailures.inc() });
}
