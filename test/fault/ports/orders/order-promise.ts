import type { Snapshot } from '../facts.js';

type Snapshots = { readonly crashed: Snapshot; readonly settled: Snapshot };

/** Orders whose lines have no outcome or two, or certificates without the outcome of their line. */
export function halfOrdered({ crashed, settled }: Snapshots): readonly string[] {
  const always = [crashed, settled].flatMap(({ orders, certificates }) => {
    const released = new Set(certificates.flatMap((row) => (row.signature === null ? [] : [row.id])));
    return orders.flatMap(({ id, counted, rows, named, signed, claimed, settled: lines }) => [
      ...Object.entries(counted).flatMap(([outcome, count]) =>
        rows[outcome] === count ? [] : [`${id} counts ${count} ${outcome}, and has ${rows[outcome]}`],
      ),
      ...signed.filter((one) => !named.includes(one)).map((one) => `${one} of ${id} is in the outcome of no line`),
      ...named.filter((one) => !released.has(one)).map((one) => `${one} is in an outcome of ${id}, and not signed`),
      ...claimed.filter((line) => lines.includes(line)).map((line) => `line ${line} of ${id} has outcome and claim`),
    ]);
  });
  const ended = settled.orders.flatMap(({ id, state, lines, claimed, settled: done }) => {
    if (state === 'paused' || state === 'discarded') return [];
    const isComplete = lines === done.length && claimed.length === 0;
    return isComplete && (state === 'finished' || state === 'cancelled') ? [] : [`${id} is ${state} at its end`];
  });
  return [...always, ...ended];
}
