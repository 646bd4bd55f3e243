/** What several runs say together. */

/**
 * The middle one by `measure`; of an even number the upper of the two. Throws on none: a figure
 * without a run is a bug.
 */
export function middle<Item>(items: readonly Item[], measure: (item: Item) => number): Item {
  const found = [...items].sort((a, b) => measure(a) - measure(b))[Math.floor(items.length / 2)];
  if (found === undefined) throw new Error('no run');
  return found;
}

export function median(values: readonly number[]): number {
  return middle(values, (value) => value);
}

export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new Error('no value');
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The value that `part` of all are below; `ascending` is sorted. 0 of none. */
export function quantile(ascending: readonly number[], part: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * part))] ?? 0;
}
