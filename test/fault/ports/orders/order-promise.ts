import type { Snapshot } from '../facts.js';

type Snapshots = { readonly crashed: Snapshot; readonly settled: Snapshot };

/** Orders whose lines have no outcome or two, or certificates without the outcome of their line. */
export function halfOrdered({ crashed, settled }: Snapshots): readonly string[] {
  const always = [crashed, settled].flatMap(({ orders }) =>
    orders.flatMap(({ id, counted, rows, named, signed, claimed, settled: lines }) => [
      ...Object.entries(counted).flatMap(([outcome, count]) =>
        rows[outcome] === count ? [] : [`${id} counts ${count} ${outcome}, and has ${rows[outcome]}`],
      ),
      ...(named.join() === signed.join() ? [] : [`${id}: certificates without the outcome of a line, or the reverse`]),
      ...claimed.filter((line) => lines.includes(line)).map((line) => `line ${line} of ${id} has outcome and claim`),
    ]),
  );
  const ended = settled.orders.flatMap(({ id, state, lines, claimed, settled: done }) => {
    if (state === 'paused' || state === 'discarded') return [];
    const isComplete = lines === done.length && claimed.length === 0;
    return isComplete && (state === 'finished' || state === 'cancelled') ? [] : [`${id} is ${state} at its end`];
  });
  return [...always, ...ended];
}
