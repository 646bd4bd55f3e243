/**
 * Nodes on one database that have different policies, or differ in what must be configured equally.
 * They are compared by the digests in their runs. A difference counts from five minutes on, because
 * nodes get a new policy one after the other.
 */
import type { Instant } from '../../kernel/clock.js';
import { MINUTE_MS } from '../../kernel/duration.js';
import type { RunRecord } from '../../ports/store/nodes.js';

const DRIFT_MS_MIN = 5 * MINUTE_MS;
/** Enough of a digest to compare it with that of another node. */
const DIGITS_SHOWN = 8;

/** What is compared, with the member of a run. */
const MEMBERS = { policy: 'policyDigest', configuration: 'configDigest' } as const;
export const COMPARED = ['policy', 'configuration'] as const satisfies readonly (keyof typeof MEMBERS)[];

type RunToCompare = Pick<RunRecord, 'name' | 'startedAt' | 'policyDigest' | 'configDigest'>;

/**
 * Returns what differs, with the digest of each node. `now`: the time of the database, as are those
 * of the runs.
 */
export function driftOf(live: readonly RunToCompare[], now: Instant): ReadonlyMap<(typeof COMPARED)[number], string> {
  const byStart = [...live].sort((one, other) => one.startedAt - other.startedAt);
  const found = new Map<(typeof COMPARED)[number], string>();
  for (const what of COMPARED) {
    const digests = byStart.map((run) => run[MEMBERS[what]]);
    // The runs before it agree, so the difference exists since it started.
    const first = byStart.find((_, at) => digests[at] !== digests[0]);
    if (first === undefined || now - first.startedAt < DRIFT_MS_MIN) continue;
    const shown = byStart.map(({ name }, at) => `${name} ${digests[at]?.slice(0, DIGITS_SHOWN)}`);
    found.set(what, [...new Set(shown)].sort().join(', '));
  }
  return found;
}
