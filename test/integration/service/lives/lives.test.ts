/**
 * Random lives of certificates, cards and holders: the status in REST and OCSP matches a simple
 * model. PFCNG_LIVES_SEED repeats a run, PFCNG_LIVES_SECONDS says how long to try on each
 * database.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { describeService } from '../../../support/service/describe-service.js';
import { COMMANDS, counted } from './commands.js';
import type { Model } from './model.js';
import { assertLives, newRun } from './real.js';

const SEED = Number(process.env.PFCNG_LIVES_SEED ?? randomInt(2 ** 31));
const SECONDS = Number(process.env.PFCNG_LIVES_SECONDS ?? 6);
const CONSTRAINTS = { maxCommands: 40, size: 'max' } as const;
const LIVES_MAX = 2_000;
/** The time limit for shrinking a failure. */
const SHRINK_SECONDS = 60;

describeService(`lives of certificates, cards and holders (PFCNG_LIVES_SEED=${SEED})`, { on: 'each' }, (running) => {
  it('match a simple model at every step', async function live() {
    this.timeout((SECONDS + SHRINK_SECONDS + 120) * 1_000);
    counted.clear();
    let lives = 0;
    let failed = false;
    // No life is broken off: it would go on behind the tests that follow. What is not begun in time
    // is not lived.
    let until = performance.now() + SECONDS * 1_000;
    const property = fc.asyncProperty(fc.commands(COMMANDS, CONSTRAINTS), async (commands) => {
      if (performance.now() > until) return;
      const model: Model = { lives: [] };
      const real = newRun(running.shared);
      try {
        await fc.asyncModelRun(() => ({ model, real }), commands);
        await assertLives(real, model);
      } catch (error) {
        if (!failed) until = performance.now() + SHRINK_SECONDS * 1_000;
        failed = true;
        throw error;
      }
      lives += 1;
    });
    await fc.assert(property, { seed: SEED, numRuns: LIVES_MAX });
    assert.ok(lives > 0, 'no life was lived');
    const steps = [...counted].map(([name, count]) => `${name} ${count}`).sort();
    process.stdout.write(`      ${running.kind}: ${lives} lives: ${steps.join(', ')}\n`);
  });
});
