/**
 * Parts of an upload. What is read from them must be the lines of the upload, octet by octet: they
 * are what the receipt of an order is about.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { concat } from '../../../src/kernel/bytes.js';
import { err, ok } from '../../../src/kernel/result.js';
import {
  type CollectedPart,
  collectParts,
  LINE_BYTES_MAX,
  PART_BYTES_MAX,
  type ReadOctets,
  readRecords,
  recordBytes,
  type UploadLine,
  writeRecords,
} from '../../../src/orders/upload.js';
import { inPieces, uploads } from '../../support/orders/uploads.js';

const line = fc.record(
  { kind: fc.constantFrom('whole' as const, 'cut' as const), octets: fc.uint8Array({ maxLength: 300 }) },
  { noNullPrototype: true },
);

function readerOf(pieces: readonly Uint8Array[]): ReadOctets<never> {
  const left = [...pieces];
  return async () => ok(left.shift() ?? null);
}

async function partsOf(pieces: readonly Uint8Array[]): Promise<readonly CollectedPart[]> {
  const parts: CollectedPart[] = [];
  for await (const part of collectParts(readerOf(pieces))) {
    assert.ok(part.ok);
    parts.push(part.value);
  }
  return parts;
}

describe('parts of an upload', () => {
  it('give back the lines that were written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 40 }), async (lines) => {
        assert.deepEqual(readRecords(await writeRecords(lines)), lines);
      }),
    );
  });

  it('have all lines of the upload together, in their order, however it is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(inPieces(uploads), async ({ upload, pieces }) => {
        const parts = await partsOf(pieces);
        const lines = parts.flatMap(({ records }) => readRecords(records));
        const joined = concat(lines.flatMap(({ octets }) => [octets, Uint8Array.of(0x0a)]));
        const endsInLf = upload.length === 0 || upload.at(-1) === 0x0a;
        assert.deepEqual(joined, endsInLf ? upload : concat([upload, Uint8Array.of(0x0a)]));
        assert.deepEqual(
          parts.map(({ lines: count }) => count).reduce((sum, count) => sum + count, 0),
          lines.length,
        );
        assert.equal(parts.at(-1)?.octetsRead ?? 0, upload.length);
      }),
    );
  });

  it('end before the line that would make them too large', async () => {
    const long = new Uint8Array(LINE_BYTES_MAX);
    const upload = concat(Array.from({ length: 9 }, () => concat([long, Uint8Array.of(0x0a)])));
    const parts = await partsOf([upload]);
    assert.deepEqual(
      parts.map(({ lines }) => lines),
      [3, 3, 3],
    );
    for (const { records } of parts) {
      const octets = readRecords(records).reduce((sum, one) => sum + recordBytes(one), 0);
      assert.ok(octets <= PART_BYTES_MAX);
    }
  });

  it('end with the failure to read, and the part that was not complete is lost', async () => {
    const pieces = [new Uint8Array(LINE_BYTES_MAX).fill(0x0a), Uint8Array.of(0x61)];
    const left = [...pieces];
    const read: ReadOctets<'gone'> = async () => {
      const next = left.shift();
      return next === undefined ? err('gone') : ok(next);
    };
    const found: unknown[] = [];
    for await (const part of collectParts(read)) found.push(part.ok ? part.value.lines : part.error);
    assert.deepEqual(found, [
      Math.floor(PART_BYTES_MAX / recordBytes({ kind: 'whole', octets: new Uint8Array() })),
      'gone',
    ]);
  });

  it('that were altered are not read', async () => {
    const lines: readonly UploadLine[] = [{ kind: 'whole', octets: new Uint8Array(100).fill(7) }];
    const written = await writeRecords(lines);
    assert.throws(() => readRecords(written.subarray(0, -1)));
    assert.throws(() => readRecords(concat([written, Uint8Array.of(0)]).fill(0xff, 0, 1)));
  });
});
