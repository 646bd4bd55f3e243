/**
 * Wrong secrets. Without these tests nobody would notice that somebody guesses, or memory would
 * grow.
 */
import assert from 'node:assert/strict';
import { MINUTE_MS } from '../../../src/kernel/duration.js';
import { createSecretFailures } from '../../../src/operations/enrolment/secret-failures.js';

function counted() {
  let now = 0;
  let count = 0;
  const warned: unknown[] = [];
  const fail = createSecretFailures({
    clock: () => now,
    log: { warn: (_event, fields) => void warned.push(fields?.reference) },
    count: () => {
      count += 1;
    },
  });
  const pass = (ms: number): void => {
    now += ms;
  };
  return { fail, warned, pass, count: () => count };
}

const REFERENCE = 'K7QMB2Z5WA3XTN4E';
const times = (count: number, act: () => void): void => {
  for (let at = 0; at < count; at += 1) act();
};

describe('wrong secrets', () => {
  it('are reported once when a reference gets twenty in a quarter of an hour', () => {
    const { fail, warned, count } = counted();
    times(19, () => fail(REFERENCE));
    assert.deepEqual(warned, []);
    times(30, () => fail(REFERENCE));
    assert.deepEqual(warned, [REFERENCE]);
    assert.equal(count(), 49);
  });

  it('are forgotten after a quarter of an hour', () => {
    const { fail, warned, pass } = counted();
    times(19, () => fail(REFERENCE));
    pass(15 * MINUTE_MS);
    times(19, () => fail(REFERENCE));
    assert.deepEqual(warned, []);
  });

  it('with texts that are no references are counted as one, so that no text is written to the log', () => {
    const { fail, warned } = counted();
    for (let at = 0; at < 20; at += 1) fail(`<script>${at}`);
    assert.deepEqual(warned, ['other']);
  });
});
