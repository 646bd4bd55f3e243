import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogRateLimiter, REFUSAL_LOG_LIMIT } from '../../../hsm/log-rate-limiter.js';
import { createSupervisorNotices } from '../../../hsm/supervisor/supervisor-notices.js';

describe('the log rate limiter', () => {
  it('admits a number of lines in a window, reports the number of the others, and starts again', async () => {
    const rests: number[] = [];
    const gate = createLogRateLimiter({ linesMax: 3, windowMs: 30 }, (count) => rests.push(count));
    const admitted = Array.from({ length: 10 }, () => gate.admit());
    assert.deepEqual(admitted.filter(Boolean).length, 3);
    while (rests.length === 0) await sleep(5);
    assert.deepEqual(rests, [7]);
    assert.equal(gate.admit(), true);
    await sleep(60);
    assert.deepEqual(rests, [7], 'nothing was dropped');
  });
});

describe('a window of the log rate limiter', () => {
  it('has its full length, whatever came in the window before', async () => {
    const gate = createLogRateLimiter({ linesMax: 1, windowMs: 1_000 }, () => undefined);
    const began = performance.now();
    assert.equal(gate.admit(), true);
    await sleep(150);
    // A busy machine may continue after the window.
    assert.ok(!gate.admit() || performance.now() - began >= 990);
    const admission = async (): Promise<number> => {
      for (;;) {
        const askedAt = performance.now();
        if (gate.admit()) return askedAt;
        await sleep(5);
      }
    };
    const opened = await admission();
    const lastedMs = (await admission()) - opened;
    assert.ok(lastedMs >= 990, `${lastedMs} ms`);
  });
});

describe('notices of a token', () => {
  it('count every refusal by rule, and log a limited number', () => {
    const lines: string[] = [];
    const notices = createSupervisorNotices('ca-fort', ({ event }) => lines.push(event));
    for (let at = 0; at < 1_000; at += 1) notices.refused({ rule: at % 2 ? 'lint' : 'frame-type', role: null });
    assert.equal(lines.length, REFUSAL_LOG_LIMIT.linesMax);
    assert.deepEqual(notices.counts().refusals, [
      { rule: 'frame-type', count: 500 },
      { rule: 'lint', count: 500 },
    ]);
  });

  it('count every bad signature that callers report, and log a limited number', () => {
    const lines: string[] = [];
    const notices = createSupervisorNotices('ca-fort', ({ event }) => lines.push(event));
    const fault = { operation: 'C_Sign', ckr: 'CKR_SIGNATURE_INVALID', remedy: 'replace' } as const;
    for (let at = 0; at < 1_000; at += 1) notices.badSignatureReported(fault, 1);
    assert.deepEqual(lines, Array(REFUSAL_LOG_LIMIT.linesMax).fill('signer-fault'));
    assert.deepEqual(notices.counts().faults, [{ operation: 'C_Sign', ckr: 'CKR_SIGNATURE_INVALID', count: 1_000 }]);
    // A fault that the signer itself reports is still logged.
    notices.fault({ operation: 'C_Sign', ckr: 'CKR_DEVICE_ERROR', remedy: 'replace' }, 1);
    assert.equal(lines.length, REFUSAL_LOG_LIMIT.linesMax + 1);
  });

  it('log the number of the others of both kinds, in one line each', async () => {
    const lines: unknown[] = [];
    const log = ({ event, count }: { readonly event: string; readonly [fact: string]: unknown }): void => {
      if (count !== undefined) lines.push([event, count]);
    };
    const notices = createSupervisorNotices('ca-fort', log, { linesMax: 1, windowMs: 20 });
    for (let at = 0; at < 3; at += 1) notices.refused({ rule: 'lint', role: null });
    for (let at = 0; at < 4; at += 1)
      notices.badSignatureReported({ operation: 'C_Sign', ckr: 'none', remedy: 'replace' }, 1);
    while (lines.length < 2) await sleep(5);
    assert.deepEqual(lines, [
      ['signer-refusals-over-limit', 2],
      ['signer-bad-signatures-over-limit', 3],
    ]);
  });

  it('do not grow with the number or length of names that a child invents', () => {
    const lines: string[] = [];
    const notices = createSupervisorNotices('ca-fort', (line) => lines.push(JSON.stringify(line)));
    notices.alarm({ alarm: 'a'.repeat(9_000), subject: 'b'.repeat(9_000), detail: 'c'.repeat(9_000) });
    assert.ok((lines[0] ?? '').length < 1_000, `a line of ${lines[0]?.length} characters`);
    for (let at = 0; at < 1_000; at += 1) {
      notices.refused({ rule: `rule-${at}`, role: null });
      notices.alarm({ alarm: 'rate-cap', subject: `profile-${at}`, detail: '' });
      notices.fault({ operation: `C_${at}`, ckr: 'CKR_VENDOR_DEFINED', remedy: 'replace' }, 1);
    }
    const { refusals, alarms, faults } = notices.counts();
    assert.ok(refusals.length <= 201 && alarms.length <= 201 && faults.length <= 201);
    assert.equal(
      refusals.reduce((sum, { count }) => sum + count, 0),
      1_000,
    );
    assert.equal(
      alarms.reduce((sum, { count }) => sum + count, 0),
      1_001,
    );
  });
});
