/** Without these, endpoints would miss a revocation, or hear of what was never a certificate. */
import assert from 'node:assert/strict';
import { statusEvents } from '../../../src/lifecycle/certificate-states.js';
import { idOf, intent, NOW } from '../../support/db/records.js';

describe('the events of certificates whose status has changed', () => {
  const state = { status: 'revoked', reason: 'keyCompromise', at: NOW, invalidityDate: null } as const;

  it('are those of signed and of recovered certificates, and none of intents that were given up', () => {
    const signed = intent(1, { state, signature: Uint8Array.of(1) });
    const recovered = intent(2, { state, tbs: new Uint8Array(), recoveredSha256: 'a'.repeat(64) });
    const givenUp = intent(3, { state });
    assert.deepEqual(
      statusEvents([signed, recovered, givenUp], NOW).map(({ topic, subject }) => [topic, subject]),
      [
        ['certificate.revoked', idOf(1)],
        ['certificate.revoked', idOf(2)],
      ],
    );
  });
});
