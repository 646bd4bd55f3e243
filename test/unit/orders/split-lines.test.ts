/**
 * Lines of an upload. If they depended on how the network cuts it, a card could be lost or doubled
 * between two packets, and a line without an end could fill the memory.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { concat, utf8 } from '../../../src/kernel/bytes.js';
import { CUT_BYTES, createLineSplitter, LINE_BYTES_MAX, type UploadLine } from '../../../src/orders/upload.js';
import { inPieces, uploads } from '../../support/orders/uploads.js';

function linesOf(pieces: readonly Uint8Array[]): readonly UploadLine[] {
  const splitter = createLineSplitter();
  const lines = pieces.flatMap((piece) => splitter.push(piece));
  const last = splitter.end();
  return last === null ? lines : [...lines, last];
}

const whole = (text: string): UploadLine => ({ kind: 'whole', octets: utf8(text) });

describe('lines of an upload', () => {
  it('are what is between two LF, however the upload is cut into pieces', () => {
    fc.assert(
      fc.property(inPieces(uploads), ({ upload, pieces }) => {
        // Latin-1 has one character for each octet.
        const texts = Buffer.from(upload).toString('latin1').split('\n');
        const expected = texts.at(-1) === '' ? texts.slice(0, -1) : texts;
        const found = linesOf(pieces).map(({ octets }) => Buffer.from(octets).toString('latin1'));
        assert.deepEqual(found, expected);
      }),
    );
  });

  it('may be empty, and end with CR; the last one needs no LF', () => {
    assert.deepEqual(linesOf([utf8('a\r\n\n\0\n\uFEFFb')]), [whole('a\r'), whole(''), whole('\0'), whole('\uFEFFb')]);
    assert.deepEqual(linesOf([]), []);
    assert.deepEqual(linesOf([utf8('\n')]), [whole('')]);
  });

  it('are cut and marked when they are too long, and only then', () => {
    for (const length of [LINE_BYTES_MAX - 1, LINE_BYTES_MAX, LINE_BYTES_MAX + 1, 3 * LINE_BYTES_MAX]) {
      const line = new Uint8Array(length).fill(0x61);
      for (const pieceBytes of [1_000, 16_384, length]) {
        const pieces = Array.from({ length: Math.ceil(length / pieceBytes) }, (_, at) =>
          line.subarray(at * pieceBytes, (at + 1) * pieceBytes),
        );
        const [first, next] = linesOf([...pieces, utf8('\nb\n')]);
        const isCut = length > LINE_BYTES_MAX;
        assert.equal(first?.kind, isCut ? 'cut' : 'whole', String(length));
        assert.equal(first?.octets.length, isCut ? CUT_BYTES : length);
        assert.deepEqual(next, whole('b'));
      }
    }
  });

  it('keep no octets of the upload alive but their own', () => {
    const piece = concat([utf8('a\n'), new Uint8Array(LINE_BYTES_MAX + 1)]);
    const [line, cut] = linesOf([piece]);
    assert.equal(line?.octets.buffer.byteLength, 1);
    assert.equal(cut?.octets.buffer.byteLength, CUT_BYTES);
  });
});
