/** Uploads of orders, and how a network may cut them into pieces. */
import fc from 'fast-check';
import { utf8 } from '../../../src/kernel/bytes.js';

/** What lines are made of, with everything that a line may not depend on. */
const token = fc.constantFrom('\n', '\r\n', '{}', '"é"', '\0', '\uFEFF', ' ', 'x'.repeat(50));

/** Short uploads. */
export const uploads: fc.Arbitrary<Uint8Array> = fc
  .array(token, { maxLength: 60 })
  .map((tokens) => utf8(tokens.join('')));

export type CutUpload = { readonly upload: Uint8Array; readonly pieces: readonly Uint8Array[] };

/** The upload, and the pieces in which it arrives; none of them is empty. */
export function inPieces(arbitrary: fc.Arbitrary<Uint8Array>): fc.Arbitrary<CutUpload> {
  return fc.tuple(arbitrary, fc.array(fc.nat(), { maxLength: 10 })).map(([upload, numbers]) => {
    const cuts = [0, ...numbers.map((number) => number % (upload.length + 1)).sort((a, b) => a - b), upload.length];
    const pieces = cuts.slice(1).map((end, at) => upload.subarray(cuts[at] ?? 0, end));
    return { upload, pieces: pieces.filter(({ length }) => length > 0) };
  });
}
