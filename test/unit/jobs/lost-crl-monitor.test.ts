/** Lists that no service has any more: without a replacement, relying parties get old ones. */
import assert from 'node:assert/strict';
import { createLostCrlMonitor } from '../../../src/jobs/lists/lost-crl-monitor.js';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import type { PublishedFile } from '../../../src/ports/outlet.js';
import type { IssuerId } from '../../../src/ports/signer.js';

const ISSUER = 'aci-fo-pp' as IssuerId;

function watch() {
  const replaced: string[] = [];
  let now = 0;
  const { missing, found } = createLostCrlMonitor({
    steadyMs: () => now,
    replaceLost: ({ issuer, scope, number }) => void replaced.push(`${issuer} ${scope} ${number}`),
  });
  const file = (number: number, issuer: IssuerId = ISSUER): PublishedFile => {
    const sha256 = String(number).padStart(64, '0');
    return { issuer, scope: 'full', fileName: `${issuer}.crl`, sha256, sizeBytes: 1, number };
  };
  return {
    replaced,
    found,
    missing: (number: number, issuer?: IssuerId) => missing(file(number, issuer)),
    pass: (ms: number) => {
      now += ms;
    },
    /** Visits each second until a list is replaced; returns the seconds until then. */
    secondsUntilReplaced: (number: number): number => {
      const before = replaced.length;
      for (let seconds = 0; ; seconds += 1) {
        missing(file(number));
        if (replaced.length > before) return seconds;
        now += SECOND_MS;
      }
    },
  };
}

describe('a list that no service has', () => {
  it('is replaced after ten seconds, but not if it was found before', () => {
    const { missing, found, pass, replaced } = watch();
    missing(5);
    pass(9 * SECOND_MS);
    missing(5);
    found(ISSUER, 'full');
    pass(5 * SECOND_MS);
    missing(6);
    pass(9 * SECOND_MS);
    missing(6);
    missing(2, 'aci-fo-org' as IssuerId);
    assert.deepEqual(replaced, []);
    pass(SECOND_MS);
    missing(6);
    assert.deepEqual(replaced, ['aci-fo-pp full 6']);
  });

  it('is replaced although others publish newer ones all the time, which are missing too', () => {
    const { missing, pass, replaced } = watch();
    for (let number = 5; number <= 15; number += 1) {
      missing(number);
      pass(SECOND_MS);
    }
    assert.deepEqual(replaced, ['aci-fo-pp full 15']);
  });

  it('is replaced although deltas are made or found all the time', () => {
    const { missing, found, pass, replaced } = watch();
    for (let seconds = 0; seconds <= 10; seconds += 1) {
      missing(5);
      found(ISSUER, 'delta');
      pass(SECOND_MS);
    }
    assert.deepEqual(replaced, ['aci-fo-pp full 5']);
  });

  it('is replaced less and less often, so that two services that do not reach each other come to rest', () => {
    const { secondsUntilReplaced, pass } = watch();
    const waits = Array.from({ length: 8 }, (_, number) => secondsUntilReplaced(number));
    assert.deepEqual(waits, [10, 20, 40, 80, 160, 300, 300, 300]);
    pass(HOUR_MS + MINUTE_MS);
    assert.equal(secondsUntilReplaced(9), 10);
  });
});
