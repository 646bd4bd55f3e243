/** Every comparison of content relies on these functions: they all give the same SHA-256. */
import assert from 'node:assert/strict';
import { fromHex, utf8 } from '../../../src/kernel/bytes.js';
import { sha256, sha256Hex, sha256HexOfStream } from '../../../src/kernel/digest.js';

describe('SHA-256', () => {
  /** FIPS 180-2, appendix B.1. */
  const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

  it('gives the value of the standard, for bytes, for text, for parts and for a stream', async () => {
    async function* stream(): AsyncGenerator<Uint8Array> {
      yield utf8('a');
      yield utf8('bc');
    }
    assert.equal(sha256Hex(utf8('abc')), ABC);
    assert.equal(sha256Hex('abc'), ABC);
    assert.deepEqual(sha256(utf8('ab'), utf8(''), utf8('c')), fromHex(ABC));
    assert.equal(await sha256HexOfStream(stream()), ABC);
  });
});
