/**
 * The end of CMP signers. Without this warning, every CMP client would refuse the answers of a CA
 * from one day to the next, and a ceremony takes weeks to prepare.
 */
import assert from 'node:assert/strict';
import { warnOfHorizonsDailyJob } from '../../../src/jobs/horizons.js';
import { formatInstant } from '../../../src/kernel/clock.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { createTestCmpSigners } from '../../support/cmp/cmp-signers.js';
import { workWithoutLease } from '../../support/job-run.js';
import { testPolicy } from '../policy/fixtures.js';

describe('the end of the certificate of a CMP signer', () => {
  const policy = testPolicy();
  const { cmpSigners } = createTestCmpSigners('aci-el-org');
  const notAfter = cmpSigners.of('aci-el-org')?.notAfter ?? assert.fail('a signer');
  const logged = async (now: number): Promise<readonly unknown[]> => {
    const lines: unknown[] = [];
    const log = {
      info: () => undefined,
      warn: (event: string, fields?: unknown) => lines.push(['warn', event, fields]),
      error: (event: string, fields?: unknown) => lines.push(['error', event, fields]),
    };
    const issuers = { current: () => null } as never;
    await workWithoutLease(warnOfHorizonsDailyJob, { policy, issuers, cmpSigners, clock: () => now, log });
    return lines;
  };
  const fields = { authority: 'aci-el-org', notAfter: formatInstant(notAfter) };

  it('is a warning from 90 days before it', async () => {
    assert.deepEqual(await logged(notAfter - 90 * DAY_MS - 1), []);
    assert.deepEqual(await logged(notAfter - 90 * DAY_MS), [['warn', 'cmp-signer.ends-soon', fields]]);
    assert.deepEqual(await logged(notAfter), [['warn', 'cmp-signer.ends-soon', fields]]);
  });

  it('is an error after it', async () => {
    assert.deepEqual(await logged(notAfter + 1), [['error', 'cmp-signer.ended', fields]]);
  });
});
