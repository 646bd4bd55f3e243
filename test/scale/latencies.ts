/**
 * Latencies as counts of intervals that grow by a hundredth, so that those of many hours take
 * little memory, and those of several runs can be added.
 */

/** Counts by the number of the interval. */
export type Latencies = Readonly<Record<string, number>>;

const GROWTH = 1.01;
const LEAST_MS = 0.01;

export function createLatencies() {
  const counts: Record<string, number> = {};
  return {
    add: (ms: number): void => {
      const interval = Math.ceil(Math.log(Math.max(LEAST_MS, ms) / LEAST_MS) / Math.log(GROWTH));
      counts[interval] = (counts[interval] ?? 0) + 1;
    },
    counts: (): Latencies => ({ ...counts }),
  } as const;
}

export function addLatencies(one: Latencies, other: Latencies): Latencies {
  const sum: Record<string, number> = { ...one };
  for (const [interval, count] of Object.entries(other)) sum[interval] = (sum[interval] ?? 0) + count;
  return sum;
}

/** The value in milliseconds that `part` of all are at most, within a hundredth; 0 of none. */
export function latencyQuantile(latencies: Latencies, part: number): number {
  const ascending = Object.entries(latencies).sort(([one], [other]) => Number(one) - Number(other));
  const total = ascending.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [interval, count] of ascending) {
    seen += count;
    if (seen >= total * part) return LEAST_MS * GROWTH ** Number(interval);
  }
  return 0;
}
