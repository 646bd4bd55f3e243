import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  createDerInput,
  inputOffset,
  keepRest,
  peekHeader,
  pushChunk,
  takeElement,
} from '../../../src/asn1/der-stream.js';
import { type Bytes, concat, toHex } from '../../../src/kernel/bytes.js';
import { SAMPLES } from './values.js';

const ELEMENT_BYTES_MAX = 1_024;

/**
 * The elements of a stream that arrives in chunks of these lengths; each chunk is overwritten after
 * it was pushed.
 */
function takeAll(stream: Bytes, cuts: readonly number[]): readonly string[] {
  const input = createDerInput();
  const taken: string[] = [];
  let at = 0;
  for (const length of [...cuts, stream.length]) {
    const chunk = Buffer.from(stream.subarray(at, at + length));
    at += chunk.length;
    pushChunk(input, chunk);
    for (;;) {
      const element = takeElement(input, ELEMENT_BYTES_MAX);
      assert.ok(element.ok);
      if (element.value === null) break;
      taken.push(toHex(element.value));
    }
    keepRest(input);
    chunk.fill(0xff);
  }
  assert.equal(inputOffset(input), stream.length);
  return taken;
}

describe('the streaming reader', () => {
  it('finds the same elements wherever the stream is cut, and keeps no chunk', () => {
    const cuts = fc.array(fc.nat({ max: 40 }), { maxLength: 30 });
    const property = fc.property(fc.array(SAMPLES, { maxLength: 10 }), cuts, (samples, lengths) => {
      const elements = samples.map(({ der }) => der);
      assert.deepEqual(takeAll(concat(elements), lengths), elements.map(toHex));
    });
    fc.assert(property, { seed: 7, numRuns: 300 });
  });

  it('rejects an element whose length is above the limit before its content arrives', () => {
    const input = createDerInput();
    pushChunk(input, Uint8Array.of(0x30, 0x84, 0x7f, 0xff, 0xff, 0xff));
    const element = takeElement(input, ELEMENT_BYTES_MAX);
    assert.ok(!element.ok);
    assert.ok(element.error.includes('at most 1024'));
  });

  it('rejects an indefinite length, and waits for an incomplete one', () => {
    const input = createDerInput();
    pushChunk(input, Uint8Array.of(0x30));
    assert.deepEqual(peekHeader(input), { ok: true, value: null });
    keepRest(input);
    pushChunk(input, Uint8Array.of(0x80));
    assert.deepEqual(peekHeader(input), { ok: false, error: 'indefinite length' });
  });
});
