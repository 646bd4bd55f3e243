import assert from 'node:assert/strict';
import { createRecentAbsences } from '../../../../hsm/client/recent-absences.js';

const away = (retryAfterMs: number) =>
  ({ kind: 'signer-unavailable', retryAfterMs, detail: 'the token is gone' }) as const;

const CPS = 'fort/cps-signature';

describe('a signer that was unavailable', () => {
  let now = 0;
  const later = (ms: number): void => {
    now += ms;
  };
  beforeEach(() => {
    now = 5_000;
  });

  it('is remembered for as long as it said, with the remaining time', () => {
    const absences = createRecentAbsences(() => now);
    absences.note('/run/ca-fort.sock', away(1_000));
    later(400);
    assert.deepEqual(absences.at('/run/ca-fort.sock', CPS), away(600));
    later(600);
    assert.equal(absences.at('/run/ca-fort.sock', CPS), null);
  });

  it('gets a request again after two seconds, whatever it said', () => {
    const absences = createRecentAbsences(() => now);
    absences.note('/run/ca-fort.sock', away(30_000));
    later(1_999);
    assert.notEqual(absences.at('/run/ca-fort.sock', CPS), null);
    later(1);
    assert.equal(absences.at('/run/ca-fort.sock', CPS), null);
  });

  it('is available again as soon as it signs, and other signers are not concerned', () => {
    const absences = createRecentAbsences(() => now);
    absences.note('/run/ca-fort.sock', away(1_000));
    assert.equal(absences.at('/run/ca-standard.sock', CPS), null);
    absences.clear('/run/ca-fort.sock', CPS);
    assert.equal(absences.at('/run/ca-fort.sock', CPS), null);
  });

  it('is unavailable for one profile that has reached its cap, for a minute, with the remaining time', () => {
    const absences = createRecentAbsences(() => now);
    const capped = { ...away(3_600_000), profile: CPS };
    absences.note('/run/ca-fort.sock', capped);
    later(59_999);
    assert.deepEqual(absences.at('/run/ca-fort.sock', CPS), { ...capped, retryAfterMs: 3_540_001 });
    assert.equal(absences.at('/run/ca-fort.sock', 'fort/cps-authentication'), null);
    absences.clear('/run/ca-fort.sock', 'fort/cps-authentication');
    assert.notEqual(absences.at('/run/ca-fort.sock', CPS), null);
    later(1);
    assert.equal(absences.at('/run/ca-fort.sock', CPS), null);
  });
});
