import type { Instant } from '../../kernel/clock.js';
import { MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import type { Metrics } from '../../observe/metrics.js';
import { kindOf } from '../../policy/publication/crl-scopes.js';
import type { CrlRecord, CrlSeries } from '../../ports/store/crls.js';

/**
 * A partition may lack its first full list for this long after the start with the policy that has
 * it: the list is due at once.
 */
const FIRST_LIST_MS_MAX = 5 * MINUTE_MS;

type CrlTimes = {
  readonly now: Instant;
  /** How long the run of this process has gone on. */
  readonly runMs: number;
};

/**
 * Returns the state of the latest list of each issuer and scope, and sets its metrics. `latest`:
 * null: none was published.
 */
export function reportCrls(
  lists: readonly { readonly series: CrlSeries; readonly latest: CrlRecord | null }[],
  times: CrlTimes,
  metrics: Metrics,
): Readonly<Record<string, string>> {
  const states = lists.map(({ series, latest }) => {
    if (latest !== null) setCrlMetrics(metrics, latest);
    const { issuer, scope } = series;
    return [scope === 'full' ? issuer : `${issuer} ${scope}`, stateOf(series, latest, times)] as const;
  });
  return Object.fromEntries(states);
}

/**
 * A ceremony signs the first full list, so that it must be there. The service itself makes the
 * first lists of partitions, soon after the start. The certificates of a partition name no other
 * full list, so that it may not be missing for long. A first delta may: relying parties then use
 * the full list.
 */
function stateOf(
  { scope }: CrlSeries,
  latest: CrlRecord | null,
  { now, runMs }: CrlTimes,
): 'fresh' | 'expired' | 'missing' | 'none yet' {
  if (latest !== null) return latest.nextUpdate > now ? 'fresh' : 'expired';
  if (scope === 'full') return 'missing';
  return kindOf(scope) === 'full' && runMs > FIRST_LIST_MS_MAX ? 'missing' : 'none yet';
}

function setCrlMetrics(metrics: Metrics, crl: CrlRecord): void {
  const { issuer, scope, number, thisUpdate, nextUpdate, sizeBytes, entries } = crl;
  metrics.crlNumber.set({ issuer, scope }, number);
  metrics.crlThisUpdate.set({ issuer, scope }, thisUpdate / SECOND_MS);
  metrics.crlNextUpdate.set({ issuer, scope }, nextUpdate / SECOND_MS);
  if (sizeBytes !== null) metrics.crlSize.set({ issuer, scope }, sizeBytes);
  if (entries !== null) metrics.crlEntries.set({ issuer, scope }, entries);
}
