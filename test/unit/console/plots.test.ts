/** Places of bars and lines. Without this test, a plot could show other figures than its table. */
import assert from 'node:assert/strict';
import {
  groupedBars,
  HEIGHT,
  heightsOf,
  linePath,
  rowTicks,
  stackedBars,
  timeTicks,
  WIDTH,
} from '../../../src/console/plots/geometry.js';

describe('the heights of a plot', () => {
  it('go from 0 to a round number above the largest value', () => {
    const { of, ticks } = heightsOf([[3], [97]], 'apart');
    assert.deepEqual(
      ticks.map(({ value }) => value),
      [0, 20, 40, 60, 80, 100],
    );
    assert.deepEqual([of(0), of(100)], [HEIGHT, 0]);
  });

  it('have whole numbers only where all values are whole', () => {
    const ticksOf = (value: number) => heightsOf([[value]], 'apart').ticks.map((tick) => tick.value);
    assert.deepEqual(ticksOf(1), [0, 1]);
    assert.ok(ticksOf(0.5).some((value) => !Number.isInteger(value)));
    assert.deepEqual(ticksOf(0), [0, 1]);
  });

  it('hold the sums of stacked values', () => {
    const { of } = heightsOf([[60, 40]], 'stacked');
    assert.equal(of(100), 0);
  });
});

describe('bars', () => {
  const rows = [
    [10, 5],
    [null, 20],
  ] as const;

  it('are as high as their values, stay within the plot, and are left out for what is not known', () => {
    const heights = heightsOf(rows, 'apart');
    const bars = groupedBars(rows, heights);
    assert.deepEqual(
      bars.map(({ row, series, height }) => [row, series, height]),
      [
        [0, 0, HEIGHT / 2],
        [0, 1, HEIGHT / 4],
        [1, 1, HEIGHT],
      ],
    );
    for (const { x, width } of bars) assert.ok(x >= 0 && x + width <= WIDTH);
  });

  it('stand on each other when they are stacked', () => {
    const values = [[30, 70]] as const;
    const [low, high] = stackedBars(values, heightsOf(values, 'stacked'));
    assert.ok(low !== undefined && high !== undefined);
    assert.equal(low.y + low.height, HEIGHT);
    assert.ok(Math.abs(high.y + high.height - low.y) < 1e-9);
    assert.equal(high.y, 0);
  });

  it('have at most four labels, the first and the last row among them', () => {
    assert.deepEqual(
      rowTicks(30).map(({ value }) => value),
      [0, 10, 19, 29],
    );
    assert.equal(rowTicks(2).length, 2);
  });
});

describe('a line', () => {
  it('goes through its values, with a gap for what is not known', () => {
    const heights = heightsOf([[0], [10]], 'apart');
    const places = [
      { at: 0, value: 0 },
      { at: 10, value: 10 },
      { at: 20, value: null },
      { at: 40, value: 10 },
    ];
    assert.equal(linePath(places, heights), `M0,${HEIGHT}L250,0M1000,0Z`);
  });

  it('of one moment is in the middle', () => {
    assert.deepEqual(timeTicks([7]), [{ at: 0.5, value: 7 }]);
    assert.match(linePath([{ at: 7, value: 1 }], heightsOf([[1]], 'apart')), /^M500,/);
  });
});
