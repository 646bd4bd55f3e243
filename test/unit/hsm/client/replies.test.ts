/** Replies of a signer as results of the port: unexpected values are not passed on. */
import assert from 'node:assert/strict';
import { signatureFromReply } from '../../../../hsm/client/replies.js';
import { createFrameDecoder, encodeFrame, type FrameContent } from '../../../../hsm/wire/frames.js';

function heard(content: Omit<FrameContent, 'id'>): unknown {
  const frames = createFrameDecoder().push(encodeFrame({ id: 1, ...content }));
  assert(frames.ok && frames.value[0]);
  return signatureFromReply(frames.value[0]);
}

describe('a reply of a signer', () => {
  it('that refuses a CRL number has the last number only if it is a number', () => {
    const refused = (lastNumber?: string) =>
      heard({ type: 'refused', meta: { rule: 'r', detail: 'd', ...(lastNumber === undefined ? {} : { lastNumber }) } });
    const error = { kind: 'signer-refused', rule: 'r', detail: 'd' };
    assert.deepEqual(refused('17'), { ok: false, error: { ...error, lastNumber: 17 } });
    for (const odd of [undefined, '', 'x', '-1', '1e9', '9'.repeat(16)])
      assert.deepEqual(refused(odd), { ok: false, error });
  });

  it('of any other form is an absence, of a profile if it names one, with a retry time above 0', () => {
    const away = { kind: 'signer-unavailable', retryAfterMs: 1, detail: 'd' };
    assert.deepEqual(heard({ type: 'unavailable', meta: { retryAfterMs: 'soon', detail: 'd' } }), {
      ok: false,
      error: away,
    });
    assert.deepEqual(heard({ type: 'unavailable', meta: { retryAfterMs: 7, detail: 'd', profile: 'p' } }), {
      ok: false,
      error: { ...away, retryAfterMs: 7, profile: 'p' },
    });
    assert.deepEqual(heard({ type: 'state', meta: { detail: 'd' } }), { ok: false, error: away });
  });
});
