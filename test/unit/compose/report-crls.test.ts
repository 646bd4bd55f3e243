/** What `/readyz` says of lists that were never published. */
import assert from 'node:assert/strict';
import { reportCrls } from '../../../src/compose/metrics/report-crls.js';
import { MINUTE_MS } from '../../../src/kernel/duration.js';
import { createMetrics } from '../../../src/observe/metrics.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { CrlScope } from '../../../src/ports/store/crls.js';

const ISSUER = 'aci-fo-pp' as IssuerId;
const SCOPES: readonly CrlScope[] = ['full', 'delta', 'full-1', 'delta-1'];

describe('a list that was never published', () => {
  const statesAfter = (runMs: number) => {
    const lists = SCOPES.map((scope) => ({ series: { issuer: ISSUER, scope }, latest: null }));
    return reportCrls(lists, { now: 0, runMs }, createMetrics());
  };

  it('is reported as missing once the worker had time to make it, except for a delta', () => {
    assert.deepEqual(statesAfter(6 * MINUTE_MS), {
      'aci-fo-pp': 'missing',
      'aci-fo-pp delta': 'none yet',
      'aci-fo-pp full-1': 'missing',
      'aci-fo-pp delta-1': 'none yet',
    });
  });

  it('is not missing yet soon after the start with a new partition', () => {
    assert.equal(statesAfter(MINUTE_MS)['aci-fo-pp full-1'], 'none yet');
    assert.equal(statesAfter(MINUTE_MS)['aci-fo-pp'], 'missing');
  });
});
