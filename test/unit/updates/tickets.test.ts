/**
 * The places of a class. Without these rules a campaign would let more cards in than the authority
 * can serve, or would promise one place to two cards.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS } from '../../../src/kernel/duration.js';
import { isGood, placesIn, type TakenPlaces, takePlace, ticketOf } from '../../../src/updates/tickets.js';

const NOON = Date.UTC(2026, 2, 1, 12);
const capacities = fc.integer({ min: 1, max: 5_000 });

/** Takes places for cards that ask at these times, one after the other. */
function placesOf(asks: readonly number[], capacityPerHour: number): readonly number[] {
  let newest: TakenPlaces | null = null;
  return asks.map((now) => {
    const { from, places } = takePlace({ now, capacityPerHour, newest });
    newest = places;
    return from;
  });
}

describe('the places of a class', () => {
  it('are exactly its capacity in any 60 minutes in a row', () => {
    fc.assert(
      fc.property(capacities, fc.integer({ min: 0, max: 100_000 }), (capacity, first) => {
        const minutes = Array.from({ length: 60 }, (_, at) => placesIn(first + at, capacity));
        assert.equal(
          minutes.reduce((sum, places) => sum + places, 0),
          capacity,
        );
        assert.ok(Math.max(...minutes) - Math.min(...minutes) <= 1);
      }),
    );
  });

  it('are taken in order, and no minute has more than its own', () => {
    fc.assert(
      fc.property(
        capacities,
        fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 300 }),
        (capacity, pauses) => {
          let now = NOON;
          const asks = pauses.map((pause) => (now += pause));
          const froms = placesOf(asks, capacity);
          assert.deepEqual(
            froms,
            [...froms].sort((one, other) => one - other),
          );
          const perMinute = new Map<number, number>();
          for (const from of froms)
            perMinute.set(Math.floor(from / MINUTE_MS), (perMinute.get(Math.floor(from / MINUTE_MS)) ?? 0) + 1);
          for (const [minute, taken] of perMinute) assert.ok(taken <= placesIn(minute, capacity));
          froms.forEach((from, at) => {
            assert.ok(from >= Math.floor((asks[at] ?? 0) / MINUTE_MS) * MINUTE_MS, 'no place of an earlier minute');
          });
        },
      ),
    );
  });

  it('leave none free that comes before a later one', () => {
    const froms = placesOf(
      Array.from({ length: 150 }, () => NOON),
      60,
    );
    assert.deepEqual(
      froms,
      Array.from({ length: 150 }, (_, at) => NOON + at * MINUTE_MS),
    );
  });

  it('are spread over their minute', () => {
    assert.deepEqual(placesOf([NOON, NOON, NOON, NOON, NOON], 240), [
      NOON,
      NOON + 15_000,
      NOON + 30_000,
      NOON + 45_000,
      NOON + MINUTE_MS,
    ]);
  });

  it('of a class with one place an hour are an hour apart', () => {
    const [first = 0, second = 0] = placesOf([NOON, NOON], 1);
    assert.equal(second - first, HOUR_MS);
  });

  it('are good for two hours', () => {
    const { from, until } = ticketOf(NOON);
    assert.deepEqual([from, until - from], [NOON, 2 * HOUR_MS]);
    assert.deepEqual([isGood(NOON, until), isGood(NOON, until + 1), isGood(null, NOON)], [true, false, false]);
  });
});
