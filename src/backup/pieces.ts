/**
 * Long parts are numbered pieces: `database/pfcng.dump.piece-000001` and so on. The size of an
 * entry of a tar archive stands before it, so that a piece is in memory until it is complete.
 */
import { type Bytes, concat } from '../kernel/bytes.js';

const PIECE_BYTES = 4 * 1024 * 1024;

const PIECE_NAME = /^(.+)\.piece-(\d{6})$/;

/** `number`: null for the only piece of a part, otherwise from 1 on. */
type Piece = { readonly octets: Bytes; readonly number: number | null };

export function pieceName(part: string, number: number | null): string {
  return number === null ? part : `${part}.piece-${String(number).padStart(6, '0')}`;
}

/** The part to which an entry of the archive belongs, and its number in it. */
export function pieceOf(entry: string): { readonly part: string; readonly number: number | null } {
  const [, part, digits] = PIECE_NAME.exec(entry) ?? [];
  return part === undefined ? { part: entry, number: null } : { part, number: Number(digits) };
}

/** Cuts a content into pieces; an empty one is one empty piece. */
export async function* inPieces(content: AsyncIterable<Bytes>): AsyncGenerator<Piece> {
  let waiting: Bytes[] = [];
  let length = 0;
  let written = 0;
  for await (const chunk of content) {
    let rest = chunk;
    // A complete piece is kept until more follows, because an only piece has no number.
    while (length + rest.length > PIECE_BYTES) {
      const head = rest.subarray(0, PIECE_BYTES - length);
      written += 1;
      yield { octets: concat([...waiting, head]), number: written };
      rest = rest.subarray(head.length);
      waiting = [];
      length = 0;
    }
    waiting.push(new Uint8Array(rest));
    length += rest.length;
  }
  yield { octets: concat(waiting), number: written === 0 ? null : written + 1 };
}
