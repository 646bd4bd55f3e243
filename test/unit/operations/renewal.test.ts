import assert from 'node:assert/strict';
import { decideRenewal } from '../../../src/operations/issuance/renewal.js';
import type { Profile } from '../../../src/policy/model.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import { intent } from '../../support/db/records.js';
import { testPolicy } from '../policy/fixtures.js';

const DAY_MS = 86_400_000;
const DAYS = 90;
const development = testPolicy();
const ordinary = { ...development, environment: { ...development.environment, renewalAnyTime: false } };
const END = Date.UTC(2029, 5, 1);
const OPENS = END - DAYS * DAY_MS;
const old = intent(1, { state: { status: 'issued' }, signature: Uint8Array.of(1), notAfter: END });

function outcome(policy: typeof ordinary, now: number, record: CertificateRecord = old): string {
  const decided = decideRenewal({ policy, clock: () => now }, record);
  if (decided.ok) return 'renewed';
  return 'violations' in decided.error
    ? decided.error.violations.map(({ rule }) => rule).join()
    : `${decided.error.kind} ${'rule' in decided.error ? decided.error.rule : ''}`;
}

describe('whether a certificate may be renewed', () => {
  it('from the first instant of its window to the last second of its life', () => {
    assert.equal(outcome(ordinary, OPENS - 1), 'renewal-window');
    assert.equal(outcome(ordinary, OPENS), 'renewed');
    assert.equal(outcome(ordinary, END + 999), 'renewed');
    assert.equal(outcome(ordinary, END + 1_000), 'state-conflict renewal-of-issued');
  });

  it('at any time where the environment says so, and never after its end', () => {
    assert.equal(outcome(development, END - 1_000 * DAY_MS), 'renewed');
    assert.equal(outcome(development, END + 1_000), 'state-conflict renewal-of-issued');
  });

  it('never where its profile has no window, or is no more', () => {
    const { renewalWindow: _, ...plain } = ordinary.profiles.get(old.profile) as Profile;
    const without = { ...ordinary, profiles: new Map([[old.profile, plain]]) };
    assert.equal(outcome(without, OPENS), 'renewal-allowed');
    assert.equal(outcome({ ...ordinary, profiles: new Map() }, OPENS), 'renewal-allowed');
  });

  it('only while it is issued', () => {
    const states = [
      { status: 'open' },
      { status: 'pending' },
      { status: 'suspended', at: 1, invalidityDate: null },
      { status: 'revoked', at: 1, reason: 'superseded', invalidityDate: null },
    ] as const;
    for (const state of states)
      assert.equal(outcome(ordinary, OPENS, { ...old, state }), 'state-conflict renewal-of-issued', state.status);
  });
});
