import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { ContentUnavailable, verifiedContent } from '../../../src/publish/verified-content.js';

const CONTENT = new Uint8Array(100).fill(7);
const PUBLISHED = { sha256: createHash('sha256').update(CONTENT).digest('hex'), sizeBytes: CONTENT.length };

async function* endless(count: { chunks: number }): AsyncGenerator<Bytes> {
  for (;;) {
    count.chunks += 1;
    yield CONTENT;
  }
}

async function* once(bytes: Bytes): AsyncGenerator<Bytes> {
  yield bytes;
}

describe('content on its way to an outlet', () => {
  const taken = async (chunks: AsyncIterable<Bytes>): Promise<number> => {
    let length = 0;
    for await (const chunk of verifiedContent(chunks, PUBLISHED)) length += chunk.length;
    return length;
  };

  it('must be the content that was published', async () => {
    assert.equal(await taken(once(CONTENT)), CONTENT.length);
    for (const other of [CONTENT.subarray(1), new Uint8Array(100)])
      await assert.rejects(taken(once(other)), ContentUnavailable);
  });

  it('is stopped when it is longer than what was published', async () => {
    const count = { chunks: 0 };
    await assert.rejects(taken(endless(count)), ContentUnavailable);
    assert.equal(count.chunks, 2);
  });
});
