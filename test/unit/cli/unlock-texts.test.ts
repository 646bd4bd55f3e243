/**
 * What `pfcng signer unlock` says of each outcome. Without it an officer whose PIN was not accepted
 * might not learn what to do next.
 */
import assert from 'node:assert/strict';
import { outcomeText } from '../../../src/cli/signer/unlock.js';

const textOf = (outcome: Parameters<typeof outcomeText>[1]): string => outcomeText('ca-fort', outcome).join('\n');

describe('pfcng signer unlock says what to do next', () => {
  it('after a refused PIN, with the tries that the token has left', () => {
    const refused = { outcome: 'refused', detail: 'CKR_PIN_INCORRECT', sent: true } as const;
    assert.match(textOf({ ...refused, tries: null }), /^refused: CKR_PIN_INCORRECT\n.*then try again\.$/);
    assert.equal(textOf({ ...refused, tries: 'one' }).split('\n').length, 3);
    assert.doesNotMatch(textOf({ ...refused, tries: 'none' }), /try again/);
  });

  it('when the next try comes too soon: how many seconds to wait, rounded up', () => {
    assert.equal(
      textOf({ outcome: 'too-soon', retryAfterMs: 2_001 }),
      'not tried so soon after a refusal: wait 3 s, then try again',
    );
  });

  it('when the token has another fault, when the PIN cannot be one, and when another officer types', () => {
    assert.match(
      textOf({ outcome: 'failed', detail: 'no such slot' }),
      /^ca-fort .*no such slot\n.*restarts by itself/,
    );
    assert.match(textOf({ outcome: 'malformed', detail: 'it is empty' }), /not tried: it is empty/);
    assert.match(textOf({ outcome: 'busy' }), /try again in a moment/);
  });
});
