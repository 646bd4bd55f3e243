/**
 * A list that is sent to a signer gets its end only after the lint has passed, once and for its
 * issuer.
 */
import assert from 'node:assert/strict';
import type { Connection } from '../../../../hsm/client/connection.js';
import type { CrlRequest } from '../../../../hsm/client/crl-request.js';
import { signCrl } from '../../../../hsm/client/crl-sender.js';
import { err, ok } from '../../../../src/kernel/result.js';
import { makeLintToken } from '../../../../src/lint/token.js';
import type { CrlLintStream, IssuerId } from '../../../../src/ports/signer.js';

const ISSUER = 'aci-te-pp' as IssuerId;
const NO_OCTETS = new Uint8Array(0);

/** Records what is sent, and answers at the end of a list or after a number of chunks. */
function createRecorder(answersAfter = Number.POSITIVE_INFINITY) {
  const sent: string[] = [];
  let answer: () => void = () => undefined;
  let isAnswered = false;
  const stream: CrlRequest = {
    reply: new Promise((resolve) => {
      answer = () => {
        isAnswered = true;
        resolve({ kind: 'no-answer', detail: 'a test', retryAfterMs: 1 });
      };
    }),
    isAnswered: () => isAnswered,
    send: async ({ length }) => {
      sent.push(`chunk ${length}`);
      if (sent.length === answersAfter) answer();
    },
    end: () => {
      sent.push('end');
      answer();
    },
    abort: () => {
      if (!isAnswered) sent.push('abort');
    },
  };
  return { sent, connection: { stream: () => stream } as unknown as Connection };
}

async function* chunksOf(...lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const length of lengths) yield new Uint8Array(length);
}

describe('a list that is sent to a signer', () => {
  const list = (finish: CrlLintStream['finish'], ...lengths: readonly number[]): CrlLintStream => ({
    issuer: ISSUER,
    chunks: chunksOf(...lengths),
    finish,
  });
  const passed = () => ok(makeLintToken('crl', ISSUER, NO_OCTETS));

  it('is cut into frames, and ended when its lint has passed', async () => {
    const { sent, connection } = createRecorder();
    await signCrl(list(passed, 100_000, 3), connection);
    assert.deepEqual(sent, ['chunk 65536', 'chunk 34464', 'chunk 3', 'end']);
  });

  it('is aborted when its lint has failed', async () => {
    const { sent, connection } = createRecorder();
    const failed = err({ kind: 'lint-failed', findings: [] } as const);
    assert.deepEqual(
      await signCrl(
        list(() => failed as never, 3),
        connection,
      ),
      failed,
    );
    assert.deepEqual(sent, ['chunk 3', 'abort']);
  });

  it('is aborted when its lint token is forged, of another issuer, or used before', async () => {
    const used = makeLintToken('crl', ISSUER, NO_OCTETS);
    await signCrl(
      list(() => ok(used), 3),
      createRecorder().connection,
    );
    for (const token of [
      { issuer: ISSUER } as never,
      makeLintToken('crl', 'aci-te-org' as IssuerId, NO_OCTETS),
      used,
    ]) {
      const { sent, connection } = createRecorder();
      await assert.rejects(
        signCrl(
          list(() => ok(token), 3),
          connection,
        ),
      );
      assert.deepEqual(sent, ['chunk 3', 'abort']);
    }
  });

  it('is aborted when its source fails', async () => {
    const { sent, connection } = createRecorder();
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(3);
      throw new Error('the disk');
    }
    await assert.rejects(signCrl({ ...list(passed), chunks: broken() }, connection), /the disk/);
    assert.deepEqual(sent, ['chunk 3', 'abort']);
  });

  it('is not read further when it was answered before its end', async () => {
    const { sent, connection } = createRecorder(2);
    const signed = await signCrl(list(passed, 1, 2, 3, 4), connection);
    assert.ok(!signed.ok);
    assert.deepEqual(sent, ['chunk 1', 'chunk 2']);
  });
});
