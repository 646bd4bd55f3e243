import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { formatInstant } from '../../../src/kernel/clock.js';
import { isTimeZone, lastTimeOfDay, parseMinutes } from '../../../src/kernel/time-of-day.js';

const PARIS = 'Europe/Paris';
const last = (now: string, text: string, zone = PARIS) =>
  formatInstant(lastTimeOfDay(Date.parse(now), { minutes: parseMinutes(text) ?? Number.NaN, zone }));

describe('the last time at which a clock showed a time of day', () => {
  it('is today or yesterday, in winter and in summer', () => {
    assert.equal(last('2026-01-15T06:00:00Z', '07:00'), '2026-01-15T06:00:00Z');
    assert.equal(last('2026-01-15T05:59:59Z', '07:00'), '2026-01-14T06:00:00Z');
    assert.equal(last('2026-07-15T05:00:00Z', '07:00'), '2026-07-15T05:00:00Z');
    assert.equal(last('2026-07-15T23:30:00Z', '00:00'), '2026-07-15T22:00:00Z');
    assert.equal(last('2026-07-15T12:00:00Z', '07:00', 'Pacific/Kiritimati'), '2026-07-14T17:00:00Z');
  });

  it('comes once on the days on which the clock is set', () => {
    // 29 March 2026: 02:00 becomes 03:00. 25 October: 03:00 becomes 02:00.
    assert.equal(last('2026-03-29T12:00:00Z', '07:00'), '2026-03-29T05:00:00Z');
    assert.equal(last('2026-03-29T12:00:00Z', '02:30'), '2026-03-29T01:30:00Z');
    assert.equal(last('2026-03-29T12:00:00Z', '03:00'), '2026-03-29T01:00:00Z');
    assert.equal(last('2026-10-25T12:00:00Z', '04:00'), '2026-10-25T03:00:00Z');
    assert.equal(last('2026-03-29T12:00:00Z', '01:59'), '2026-03-29T00:59:00Z');
    assert.equal(last('2026-10-25T12:00:00Z', '07:00'), '2026-10-25T06:00:00Z');
    assert.equal(last('2026-10-25T12:00:00Z', '02:30'), '2026-10-25T00:30:00Z');
  });

  it('is what date(1) says of each day of a year', () => {
    const days = Array.from({ length: 365 }, (_, day) => Date.UTC(2026, 0, 1 + day, 20));
    const asked = days.map((at) => `TZ="${PARIS}" ${formatInstant(at).slice(0, 10)} 07:00`).join('\n');
    const said = execFileSync('date', ['-u', '-f', '-', '+%Y-%m-%dT%H:%M:%SZ'], { input: asked, encoding: 'utf8' });
    const ours = days.map((at) => formatInstant(lastTimeOfDay(at, { minutes: 7 * 60, zone: PARIS })));
    assert.deepEqual(ours, said.trim().split('\n'));
  });
});

describe('times of day in texts', () => {
  it('are hours and minutes of two digits, and zones that exist', () => {
    assert.equal(parseMinutes('23:59'), 23 * 60 + 59);
    for (const text of ['24:00', '7:00', '07:60', '07:00:00', '', ' 07:00']) assert.equal(parseMinutes(text), null);
    assert.ok(isTimeZone(PARIS));
    assert.ok(!isTimeZone('Europe/Lutece'));
  });
});
