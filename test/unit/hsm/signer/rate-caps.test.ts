import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Tally } from '../../../../hsm/journal/journal-entry.js';
import { createRateCaps, createRecount, type RateCaps } from '../../../../hsm/signer/rate-caps.js';
import { createSteadyTime } from '../../../../hsm/signer/steady-time.js';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../../src/kernel/duration.js';

const PROFILES = ['test/one', 'test/other'] as const;
const SIGN = { do: 'sign', profile: PROFILES[0] } as const;
const START = 1_000 * HOUR_MS + 12_345;

type Step =
  | { readonly do: 'sign'; readonly profile: string }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'set-back'; readonly ms: number }
  | { readonly do: 'restart' };
type Entry = { readonly steadyAt: number; readonly profile?: string; readonly tally?: Tally };
type Decision = { readonly at: number; readonly profile: string; readonly retryAfterMs: number | null };

type RunningSigner = { readonly caps: RateCaps; readonly steady: () => number };

/** A signer with its journal and a clock that can be set back, which can be restarted. */
function play(steps: readonly Step[], perHourMax: number): readonly Decision[] {
  const journal: Entry[] = [];
  let elapsed = 0;
  let setBack = 0;
  const start = (): RunningSigner => {
    const recount = createRecount();
    for (const entry of [...journal].reverse()) if (!recount.push(entry)) break;
    const { lastAt, tally } = recount.result();
    const steady = createSteadyTime({
      clock: () => START + elapsed - setBack,
      monotonic: () => elapsed,
      notBefore: lastAt,
    });
    return { caps: createRateCaps(JSON.parse(JSON.stringify(tally)) as Tally), steady };
  };
  let signer = start();
  // A journal has times in whole seconds.
  const write = (entry: Omit<Entry, 'steadyAt'>): void => {
    journal.push({ steadyAt: Math.floor(signer.steady() / SECOND_MS) * SECOND_MS, ...entry });
  };
  const decisions: Decision[] = [];
  for (const step of steps) {
    if (step.do === 'wait') elapsed += step.ms;
    else if (step.do === 'set-back') setBack += step.ms;
    else if (step.do === 'restart') signer = start();
    else {
      const { profile } = step;
      const tally = signer.caps.tallyDue(signer.steady());
      if (tally) write({ tally });
      const taken = signer.caps.take({ profile, perHourMax }, signer.steady());
      if (taken.ok) write({ profile });
      decisions.push({ at: elapsed, profile, retryAfterMs: taken.ok ? null : taken.error.retryAfterMs });
    }
  }
  return decisions;
}

const sign = fc.record({ do: fc.constant('sign' as const), profile: fc.constantFrom(...PROFILES) });
/** Pauses of any length, and pauses that end just before or after a minute or an hour. */
const waitMs = fc.oneof(
  fc.nat(20 * MINUTE_MS),
  fc.constantFrom(SECOND_MS, 29 * SECOND_MS, 50 * SECOND_MS, 29 * MINUTE_MS, 59 * MINUTE_MS),
);
const wait = fc.record({ do: fc.constant('wait' as const), ms: waitMs });
const restart = fc.constant({ do: 'restart' as const });
const setBack = fc.record({ do: fc.constant('set-back' as const), ms: fc.nat(3 * HOUR_MS) });
const cap = fc.integer({ min: 1, max: 6 });
const stepsOf = (...steps: readonly fc.Arbitrary<Step>[]) =>
  fc.array(fc.oneof({ weight: 4, arbitrary: sign }, ...steps), { minLength: 1, maxLength: 120 });

describe('rate caps', () => {
  it('no period of an hour has more than the cap, with restarts of the signer and a clock that is set back', () => {
    fc.assert(
      fc.property(stepsOf(wait, restart, setBack), cap, (steps, perHourMax) => {
        const signed = play(steps, perHourMax).filter(({ retryAfterMs }) => retryAfterMs === null);
        for (const first of signed) {
          const hour = signed.filter(
            ({ profile, at }) => profile === first.profile && at >= first.at && at <= first.at + HOUR_MS,
          );
          assert.ok(hour.length <= perHourMax, `${hour.length} of ${perHourMax}`);
        }
      }),
      // Second 52 of a minute and second 12 of the sixtieth minute after it are within one hour.
      {
        numRuns: 1_000,
        examples: [[[{ do: 'wait', ms: 40_000 }, SIGN, { do: 'wait', ms: 59 * MINUTE_MS + 20_000 }, SIGN], 1]],
      },
    );
  });

  it('a restart at any moment changes no decision', () => {
    fc.assert(
      fc.property(stepsOf(wait, restart), cap, (steps, perHourMax) => {
        const uninterrupted = steps.filter((step) => step.do !== 'restart');
        assert.deepEqual(play(steps, perHourMax), play(uninterrupted, perHourMax));
      }),
      { numRuns: 1_000 },
    );
  });

  it('a caller that waits for the given time gets a certificate, and the time is an hour and a minute at most', () => {
    fc.assert(
      fc.property(stepsOf(wait, restart, setBack), cap, (steps, perHourMax) => {
        const last = play([...steps, { do: 'sign', profile: PROFILES[0] }], perHourMax).at(-1);
        const ms = last?.retryAfterMs;
        if (ms === undefined || ms === null) return;
        assert.ok(ms <= HOUR_MS + MINUTE_MS, `${ms} ms`);
        const later = [{ do: 'wait', ms } as const, { do: 'sign', profile: PROFILES[0] } as const];
        const again = play([...steps, { do: 'sign', profile: PROFILES[0] }, ...later], perHourMax).at(-1);
        assert.equal(again?.retryAfterMs, null);
      }),
      { numRuns: 500 },
    );
  });

  it('a clock that is set forward while the signer runs allows no certificate', () => {
    let wall = START;
    const steady = createSteadyTime({ clock: () => wall, monotonic: () => 0, notBefore: 0 });
    const caps = createRateCaps({});
    assert.ok(caps.take({ profile: 'test/one', perHourMax: 1 }, steady()).ok);
    wall += 2 * HOUR_MS;
    assert.ok(!caps.take({ profile: 'test/one', perHourMax: 1 }, steady()).ok);
  });

  it('an hour of a million certificates needs one number for each minute', () => {
    const caps = createRateCaps({});
    for (let at = 0; at < 1_000_000; at += 1)
      caps.take({ profile: 'test/one', perHourMax: 2_000_000 }, START + at * 10);
    const tally = caps.tallyDue(START + 10_000_000);
    assert.ok(Object.keys(tally?.['test/one'] ?? {}).length <= 61);
  });
});
