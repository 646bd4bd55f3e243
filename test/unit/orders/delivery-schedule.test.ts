/**
 * When a delivery is tried again. Without these tests a receiver that is down could be flooded, or
 * given up too early.
 */
import assert from 'node:assert/strict';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { type DeliveryAttempt, progressAfter, sentAgain } from '../../../src/orders/webhooks.js';

const NOW = Date.UTC(2026, 2, 1, 10);
const DOWN: DeliveryAttempt = { status: null, error: 'ECONNREFUSED', retryAfterMs: null };
const answered = (status: number, retryAfterMs: number | null = null): DeliveryAttempt => ({
  status,
  error: status < 300 ? null : `HTTP ${status}`,
  retryAfterMs,
});

/** The pauses of a delivery that fails until it is dead. */
function pauses(chance: number): readonly number[] {
  const found: number[] = [];
  let [now, progress] = [NOW, sentAgain(NOW)];
  for (;;) {
    progress = progressAfter(progress, DOWN, { now, chance });
    if (progress.state === 'dead' || progress.nextAt === null) return found;
    found.push(progress.nextAt - now);
    now = progress.nextAt;
  }
}

describe('the schedule of a delivery', () => {
  it('is 5 s, 30 s, 2, 10 and 30 minutes, then hourly for 72 hours', () => {
    const [first, second, third, fourth, fifth, ...hourly] = pauses(0.5);
    const expected = [5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS];
    assert.deepEqual([first, second, third, fourth, fifth], expected);
    assert.equal(hourly.length, 72);
    assert.ok(hourly.every((pause) => pause === HOUR_MS));
  });

  it('has 20 % of jitter to each side', () => {
    assert.deepEqual([pauses(0)[0], pauses(1)[0]], [4 * SECOND_MS, 6 * SECOND_MS]);
    assert.deepEqual([pauses(0)[10], pauses(1)[10]], [0.8 * HOUR_MS, 1.2 * HOUR_MS]);
  });

  it('waits longer if Retry-After asks for it, up to an hour, and never shorter', () => {
    const next = (retryAfterMs: number) =>
      progressAfter(sentAgain(NOW), answered(503, retryAfterMs), { now: NOW, chance: 0.5 }).nextAt;
    assert.equal(next(20 * MINUTE_MS), NOW + 20 * MINUTE_MS);
    assert.equal(next(48 * HOUR_MS), NOW + HOUR_MS);
    assert.equal(next(0), NOW + 5 * SECOND_MS);
    const late = { attempts: 10, firstAt: NOW - 8 * HOUR_MS };
    assert.equal(progressAfter(late, answered(503, 0), { now: NOW, chance: 0.5 }).nextAt, NOW + HOUR_MS);
  });

  it('ends with success, with 410, and 72 hours after the first attempt, not earlier', () => {
    const next = (attempt: DeliveryAttempt, firstAt: number | null = null) =>
      progressAfter({ attempts: 3, firstAt }, attempt, { now: NOW, chance: 0.5 });
    const ok = next(answered(204));
    assert.deepEqual([ok.state, ok.doneAt, ok.nextAt, ok.lastError], ['delivered', NOW, null, null]);
    assert.equal(next(answered(410)).state, 'dead');
    assert.equal(next(answered(404)).state, 'waiting');
    assert.equal(next(DOWN, NOW - 72 * HOUR_MS + 1).state, 'waiting');
    const dead = next(DOWN, NOW - 72 * HOUR_MS);
    assert.deepEqual([dead.state, dead.attempts, dead.lastError, dead.doneAt], ['dead', 4, 'ECONNREFUSED', null]);
  });
});
