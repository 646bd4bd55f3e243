/**
 * Where the bars and lines of a plot are. The drawing is WIDTH units wide, which the browser
 * stretches to the width of the page, and HEIGHT pixels high; y = 0 is the top.
 */
import { scaleBand, scaleLinear } from 'd3-scale';
import { line, stack } from 'd3-shape';

export const WIDTH = 1_000;
export const HEIGHT = 180;

/** null: not known. A line has a gap there, and a bar is left out. */
type PlotValue = number | null;
/** The values of one place on the x axis, one for each series. */
export type PlotValues = readonly PlotValue[];

export type Bar = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly row: number;
  readonly series: number;
};

/** A label of an axis and its place, as a share of the axis from 0 (left or top) to 1. */
export type Tick = { readonly at: number; readonly value: number };

/** The values of the y axis: from 0 to a round number above the largest value. */
export type Heights = {
  readonly of: (value: number) => number;
  readonly ticks: readonly Tick[];
};

const TICKS = 4;

export function heightsOf(rows: readonly PlotValues[], kind: 'apart' | 'stacked'): Heights {
  const highest = rows.map((values) => {
    const known = values.map((value) => value ?? 0);
    return kind === 'apart' ? Math.max(0, ...known) : known.reduce((sum, value) => sum + value, 0);
  });
  const largest = highest.reduce((most, value) => Math.max(most, value), 0);
  const scale = scaleLinear([0, largest === 0 ? 1 : largest], [HEIGHT, 0]).nice(TICKS);
  const isWhole = rows.every((values) => values.every((value) => value === null || Number.isInteger(value)));
  const ticks = scale.ticks(TICKS).filter((value) => !isWhole || Number.isInteger(value));
  return { of: (value) => scale(value), ticks: ticks.map((value) => ({ at: scale(value) / HEIGHT, value })) };
}

/** Bars side by side: a group for each row, with a bar for each series. */
export function groupedBars(rows: readonly PlotValues[], heights: Heights): readonly Bar[] {
  const groups = bandsOf(rows.length, WIDTH, 0.2);
  const bars = bandsOf(rows[0]?.length ?? 0, groups.bandwidth(), 0.1);
  return rows.flatMap((values, row) =>
    values.flatMap((value, series) => {
      if (value === null) return [];
      const y = heights.of(value);
      const x = (groups(row) ?? 0) + (bars(series) ?? 0);
      return [{ x, y, width: bars.bandwidth(), height: HEIGHT - y, row, series }];
    }),
  );
}

/** One bar for each row, in which the series stand on each other, the first one at the bottom. */
export function stackedBars(rows: readonly PlotValues[], heights: Heights): readonly Bar[] {
  const groups = bandsOf(rows.length, WIDTH, 0.2);
  const keys = [...(rows[0] ?? []).keys()];
  const layers = stack<PlotValues, number>()
    .keys(keys)
    .value((values, key) => values[key] ?? 0)([...rows]);
  return layers.flatMap((layer) =>
    layer.flatMap(([low, high], row) => {
      if (high === low) return [];
      const [bottom, top] = [heights.of(low), heights.of(high)];
      const x = groups(row) ?? 0;
      return [{ x, y: top, width: groups.bandwidth(), height: bottom - top, row, series: layer.key }];
    }),
  );
}

type Place = { readonly at: number; readonly value: PlotValue };

/** The path of the line of one series, in the syntax of the attribute `d` (SVG 2, 9.3). */
export function linePath(places: readonly Place[], heights: Heights): string {
  const x = timesOf(places.map(({ at }) => at));
  const path = line<Place>()
    .defined(({ value }) => value !== null)
    .x(({ at }) => x(at) * WIDTH)
    .y(({ value }) => heights.of(value ?? 0));
  return path([...places]) ?? '';
}

/** Labels below bars: a few of the rows, at the middle of their bars. */
export function rowTicks(rows: number): readonly Tick[] {
  const groups = bandsOf(rows, WIDTH, 0.2);
  return spread(rows, TICKS).map((row) => ({
    at: ((groups(row) ?? 0) + groups.bandwidth() / 2) / WIDTH,
    value: row,
  }));
}

/** Labels below lines: moments at equal distances. `value`: the moment. */
export function timeTicks(times: readonly number[]): readonly Tick[] {
  const [first, last] = [Math.min(...times), Math.max(...times)];
  if (first === last) return [{ at: 0.5, value: first }];
  return [...new Array(TICKS).keys()].map((step) => {
    const at = step / (TICKS - 1);
    return { at, value: first + at * (last - first) };
  });
}

/** Place of a moment as a share of the axis; the only moment is in the middle. */
function timesOf(times: readonly number[]): (at: number) => number {
  const [first, last] = [Math.min(...times), Math.max(...times)];
  return first === last ? () => 0.5 : scaleLinear([first, last], [0, 1]);
}

function bandsOf(count: number, width: number, padding: number) {
  return scaleBand([...new Array(count).keys()], [0, width]).padding(padding);
}

/** At most `max` of the numbers below `count`, the first and the last among them. */
function spread(count: number, max: number): readonly number[] {
  if (count <= max) return [...new Array(count).keys()];
  return [...new Array(max).keys()].map((step) => Math.round((step * (count - 1)) / (max - 1)));
}
