/**
 * How old the evidence of identity may be, for each purpose. Without this test a renewal or an
 * update could be held to the limit of a new certificate, or evidence of the old record to none.
 */
import assert from 'node:assert/strict';
import { formatInstant, toSecond } from '../../../src/kernel/clock.js';
import { DAY_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { renewCertificate } from '../../../src/operations/issuance/renew.js';
import type { Identity, Policy } from '../../../src/policy/model.js';
import { describeOnEach } from '../../support/db/fixture.js';
import { CARD_MANAGEMENT } from '../../support/orders/order-bench.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import {
  AUTHENTICATION,
  anyTimePolicy,
  createUpdateBench,
  IDENTITY,
  ruleOf,
  type UpdateBench,
} from '../../support/updates/update-bench.js';
import { NOW } from '../../unit/policy/fixtures.js';

const DAYS = { issue: 20, renewal: 30, update: 10 } as const;
/** Evidence has whole seconds. */
const START = toSecond(NOW) + SECOND_MS;
const UNCHANGED = { notBefore: null, notAfter: null } as const;

function agedPolicy(): Policy {
  const policy = anyTimePolicy();
  const { issue, renewal, update } = DAYS;
  const identityAgeMs = { issue: issue * DAY_MS, renewal: renewal * DAY_MS, update: update * DAY_MS };
  const profiles = new Map([...policy.profiles].map(([id, profile]) => [id, { ...profile, identityAgeMs }]));
  return { ...policy, profiles };
}

const verified = (at: number): Identity => ({ ...IDENTITY, verifiedAt: formatInstant(at) });

describeOnEach('evidence of identity', ({ opened }) => {
  let bench: UpdateBench;
  beforeEach(async () => {
    bench = await createUpdateBench(opened, agedPolicy());
    bench.time.now = START;
  });

  it('is not older than the profile allows for a new certificate, to the second', async () => {
    const limit = START - DAYS.issue * DAY_MS;
    assert.equal(ruleOf(await bench.tryToIssue(verified(limit - SECOND_MS))), 'identity-age');
    assert.equal(ruleOf(await bench.tryToIssue(verified(limit))), 'accepted');
  });

  for (const [purpose, whose] of [
    ['renewal', 'request'],
    ['renewal', 'old record'],
    ['update', 'request'],
    ['update', 'old record'],
  ] as const)
    it(`is not older than that for this purpose, to the second: ${purpose}, evidence of the ${whose}`, async () => {
      const first = verified(START - DAY_MS);
      const [old] = await bench.issueSet(first);
      const identity = whose === 'request' ? first : null;
      const attempt = () =>
        purpose === 'update'
          ? bench.begin(old, [AUTHENTICATION], { identity })
          : renewCertificate(bench.world, old.record.id, {
              account: CARD_MANAGEMENT,
              csr: makeCsr(makeKey()),
              identity,
              keyOrigin: 'card',
              validity: UNCHANGED,
              idempotency: null,
            });
      bench.time.now = START - DAY_MS + DAYS[purpose] * DAY_MS + SECOND_MS;
      assert.equal(ruleOf(await attempt()), 'identity-age');
      bench.time.now -= SECOND_MS;
      assert.equal(ruleOf(await attempt()), 'accepted');
    });
});
