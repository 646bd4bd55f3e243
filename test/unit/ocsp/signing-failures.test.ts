import assert from 'node:assert/strict';
import { createLimitedLog, createSigningFailureLog } from '../../../src/ocsp/signing-failures.js';
import type { IssuerId, SignerFailure } from '../../../src/ports/signer.js';
import type { Log } from '../../../src/ports/world.js';

const ONE = 'aci-te-pp' as IssuerId;
const OTHER = 'aci-te-org' as IssuerId;
const AWAY: SignerFailure = { kind: 'signer-unavailable', retryAfterMs: 1_000, detail: 'nobody is there' };
const REFUSED: SignerFailure = { kind: 'signer-refused', rule: 'lint', detail: 'no' };

describe('failures to sign OCSP responses', () => {
  let now: number;
  let lines: (readonly [string, unknown])[];
  const log: Log = {
    info: () => assert.fail('an error'),
    warn: () => assert.fail('an error'),
    error: (event, { issuer, kind, suppressed = 0 } = {}) =>
      void lines.push([`${event} ${issuer} ${kind}`, suppressed]),
  };
  const create = () => createSigningFailureLog({ log, clock: () => now });
  const line = (issuer: IssuerId, { kind }: SignerFailure, suppressed = 0) => [
    `ocsp.signing-failed ${issuer} ${kind}`,
    suppressed,
  ];
  beforeEach(() => {
    now = 5_000;
    lines = [];
  });

  it('are logged once a second while the signer is unavailable, with the number of suppressed ones', () => {
    const logFailure = create();
    for (let time = 0; time < 100; time += 1) logFailure(ONE, AWAY);
    logFailure(OTHER, AWAY);
    assert.deepEqual(lines, [line(ONE, AWAY), line(OTHER, AWAY)]);
    now += 999;
    logFailure(ONE, AWAY);
    now += 1;
    for (let time = 0; time < 100; time += 1) logFailure(ONE, AWAY);
    assert.deepEqual(lines.slice(2), [line(ONE, AWAY, 100)]);
  });

  it('are logged after the clock was set back', () => {
    const logFailure = create();
    logFailure(ONE, AWAY);
    now -= 4_000;
    logFailure(ONE, AWAY);
    assert.equal(lines.length, 2);
  });

  it('are all logged if the signer refused', () => {
    const logFailure = create();
    for (let time = 0; time < 3; time += 1) logFailure(ONE, REFUSED);
    assert.deepEqual(lines, [line(ONE, REFUSED), line(ONE, REFUSED), line(ONE, REFUSED)]);
  });

  it('of other kinds are logged once a second, each event for itself', () => {
    const warned: string[] = [];
    const limited = createLimitedLog({
      log: { ...log, warn: (event, { issuer } = {}) => void warned.push(`${event} ${issuer}`) },
      clock: () => now,
    });
    for (let time = 0; time < 100; time += 1) {
      limited.warn('ocsp.status-unavailable', { issuer: ONE });
      limited.warn('ocsp.status-unavailable', { issuer: OTHER });
      limited.warn('ocsp.fault', { issuer: ONE });
    }
    assert.deepEqual(warned, [
      `ocsp.status-unavailable ${ONE}`,
      `ocsp.status-unavailable ${OTHER}`,
      `ocsp.fault ${ONE}`,
    ]);
  });
});
