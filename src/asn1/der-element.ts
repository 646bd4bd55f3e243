/**
 * One element of DER in its place in the input (X.690 8.1 and 10.1). Its bytes are cut out only
 * when they are asked for.
 */
import type { Bytes } from '../kernel/bytes.js';
import { LIMITS } from '../kernel/limits.js';
import { err, ok, type Result } from '../kernel/result.js';

export type MalformedAt = {
  readonly kind: 'der-malformed';
  /** Bytes from the start of the input. */
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

/** A part of the input in which elements are read. */
type Window = {
  /** All bytes given to `parseDer`; offsets count from the first. */
  readonly bytes: Bytes;
  readonly end: number;
  readonly depth: number;
  readonly budget: { elementsLeft: number };
};

/**
 * A class because of its getters: most elements are inspected without taking their bytes, and
 * making a view costs more than all the rest.
 */
export class Element {
  /** The identifier octet, with class and form. High tag numbers are rejected. */
  readonly tag: number;
  /** Offset of the identifier octet in the bytes given to `parseDer`. */
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

  /** Identifier, length and content octets as they were encoded. */
  get whole(): Bytes {
    return this.bytes.subarray(this.offset, this.end);
  }
}

/** Reads the element at an offset, or throws `Malformed`. */
export function elementAt(window: Window, offset: number): Element {
  const { bytes, end, depth, budget } = window;
  if (depth > LIMITS.derDepthMax) throw new Malformed(offset, `nested deeper than ${LIMITS.derDepthMax}`);
  budget.elementsLeft -= 1;
  if (budget.elementsLeft < 0) throw new Malformed(offset, `more than ${LIMITS.derElementsMax} elements`);
  const tag = bytes[offset] as number;
  const first = bytes[offset + 1] as number;
  // The fast path for nearly every element. Longer and malformed ones are left to `readHeader`.
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
 * Reads identifier and length octets at `at`, before `end`. The length must be definite and in the
 * fewest octets (X.690 10.1). The error is `incomplete` when the octets are cut off: a streaming
 * reader then waits for more.
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
