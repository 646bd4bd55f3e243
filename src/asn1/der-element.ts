/** One element of DER where it stands (X.690 8.1 and 10.1): identifier, length, and octets that are cut out when asked for. */
import type { Bytes } from '../kernel/bytes.js';
import { LIMITS } from '../kernel/limits.js';
import { err, ok, type Result } from '../kernel/result.js';

export type MalformedAt = {
  readonly kind: 'der-malformed';
  /** Octets from the start of the input. */
  readonly offset: number;
  readonly rule: string;
};

/** Thrown inside `parseDer`, which alone turns it into a value. */
export class Malformed extends Error {
  readonly failure: MalformedAt;
  constructor(offset: number, rule: string) {
    super(rule);
    this.failure = { kind: 'der-malformed', offset, rule };
  }
}

/** Where elements may stand. */
export type Window = {
  /** All octets given to `parseDer`; offsets count from their first. */
  readonly bytes: Bytes;
  readonly end: number;
  readonly depth: number;
  readonly budget: { elementsLeft: number };
};

/** A class for its getters: most elements are looked into and never taken out, and a view costs more than the rest of it. */
export class Element {
  /** Identifier octet, class and form included. High tag numbers are refused. */
  readonly tag: number;
  /** Of the first identifier octet in the bytes given to `parseDer`. */
  readonly offset: number;
  readonly depth: number;
  readonly budget: { elementsLeft: number };
  readonly bytes: Bytes;
  readonly contentAt: number;
  readonly end: number;

  constructor(
    { bytes, depth, budget }: Window,
    offset: number,
    place: { readonly contentAt: number; readonly end: number },
  ) {
    this.tag = bytes[offset] as number;
    this.offset = offset;
    this.depth = depth;
    this.budget = budget;
    this.bytes = bytes;
    this.contentAt = place.contentAt;
    this.end = place.end;
  }

  get content(): Bytes {
    return this.bytes.subarray(this.contentAt, this.end);
  }

  /** Identifier, length and content as they stood. */
  get whole(): Bytes {
    return this.bytes.subarray(this.offset, this.end);
  }
}

/** Throws `Malformed`. */
export function elementAt(window: Window, offset: number): Element {
  const { bytes, end, depth, budget } = window;
  if (depth > LIMITS.derDepthMax) throw new Malformed(offset, `nested deeper than ${LIMITS.derDepthMax}`);
  budget.elementsLeft -= 1;
  if (budget.elementsLeft < 0) throw new Malformed(offset, `more than ${LIMITS.derElementsMax} elements`);
  const tag = bytes[offset] as number;
  const first = bytes[offset + 1] as number;
  // Nearly every element; what is longer, and whatever is wrong, is for `readHeader`.
  if (first < 0x80 && offset + 2 + first <= end && tag !== 0 && (tag & 0x1f) !== 0x1f)
    return new Element(window, offset, { contentAt: offset + 2, end: offset + 2 + first });
  const header = readHeader(bytes, offset, end);
  if (!header.ok) throw new Malformed(offset, header.error);
  const { headerLength, contentLength } = header.value;
  const contentAt = offset + headerLength;
  if (contentAt + contentLength > end) throw new Malformed(offset, 'length runs past the end');
  return new Element(window, offset, { contentAt, end: contentAt + contentLength });
}

/**
 * Identifier and length octets at `at`, before `end`. `incomplete` when they are cut off, which a streaming reader waits out.
 * X.690 10.1: the length is definite, in the fewest octets.
 */
export function readHeader(
  bytes: Bytes,
  at: number,
  end: number = bytes.length,
): Result<{ tag: number; headerLength: number; contentLength: number }, string> {
  if (at + 2 > end) return err('incomplete');
  const tag = bytes[at] as number;
  const first = bytes[at + 1] as number;
  if ((tag & 0x1f) === 0x1f) return err('high tag number');
  if (tag === 0) return err('end-of-contents octets');
  if (first < 0x80) return ok({ tag, headerLength: 2, contentLength: first });
  const count = first & 0x7f;
  if (count === 0) return err('indefinite length');
  if (count > 4) return err('length of more than four octets');
  let length = 0;
  for (let i = 0; i < count; i += 1) {
    if (at + 2 + i >= end) return err('incomplete');
    length = length * 256 + (bytes[at + 2 + i] as number);
  }
  if (length < 0x80 || length < 256 ** (count - 1)) return err('length not in the fewest octets');
  return ok({ tag, headerLength: 2 + count, contentLength: length });
}
