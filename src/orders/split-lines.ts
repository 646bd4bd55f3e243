/**
 * Splits an upload into its lines, and looks at nothing else: what is wrong in a line is found when
 * it is worked on, and refuses that line alone. LF ends a line; a last line without it counts.
 */
import { type Bytes, concat } from '../kernel/bytes.js';

/** `cut`: the line is too long, and these are its first octets. LF is left out, CR is not. */
export type UploadLine = { readonly kind: 'whole' | 'cut'; readonly octets: Bytes };

export const LINE_BYTES_MAX = 64 * 1024;
/** How many octets are kept of a line that is longer than `LINE_BYTES_MAX`. */
export const CUT_BYTES = 1024;

const LF = 0x0a;

type LineSplitter = {
  /** Returns the lines that end in these octets. */
  readonly push: (chunk: Bytes) => readonly UploadLine[];
  /** Returns the line that the end of the upload ends; null: there is none. */
  readonly end: () => UploadLine | null;
};

export function createLineSplitter(): LineSplitter {
  /** What is kept of the line that has not ended. */
  let parts: Bytes[] = [];
  let length = 0;

  const add = (octets: Bytes): void => {
    const isCut = length > LINE_BYTES_MAX;
    length += octets.length;
    if (isCut) return;
    parts.push(octets);
    if (length > LINE_BYTES_MAX) parts = [concat(parts).slice(0, CUT_BYTES)];
  };
  const take = (): UploadLine => {
    const line: UploadLine = { kind: length > LINE_BYTES_MAX ? 'cut' : 'whole', octets: concat(parts) };
    parts = [];
    length = 0;
    return line;
  };
  return {
    push: (chunk) => {
      const lines: UploadLine[] = [];
      let from = 0;
      for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, from)) {
        add(chunk.subarray(from, at));
        lines.push(take());
        from = at + 1;
      }
      if (from < chunk.length) add(chunk.subarray(from));
      return lines;
    },
    end: () => (length === 0 ? null : take()),
  };
}
