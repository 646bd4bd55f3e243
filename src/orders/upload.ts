/**
 * Splits an upload into its lines, and looks at nothing else: what is wrong in a line is found when
 * it is worked on, and refuses that line alone. LF ends a line; a last line without it counts.
 */

import { deflateRaw, inflateRawSync, constants as zlib } from 'node:zlib';
import { assert } from '../kernel/assert.js';
import { type Bytes, concat, toBase64, toHex } from '../kernel/bytes.js';
import { ok, type Result } from '../kernel/result.js';
import { type Violation, violation } from '../texts/text.js';

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

/**
 * The form of the parts of an upload: the lines as records, deflated (RFC 1951). A record is its
 * kind in one octet, its length in four, most significant first, and its octets.
 */

/** Limit of the octets of all records of a part together, before they are deflated. */
export const PART_BYTES_MAX = 256 * 1024;

const HEAD_BYTES = 5;
const KINDS = ['whole', 'cut'] as const satisfies readonly UploadLine['kind'][];

export function recordBytes({ octets }: UploadLine): number {
  return HEAD_BYTES + octets.length;
}

/** Rejects if the lines are more than `PART_BYTES_MAX`. */
export async function writeRecords(lines: readonly UploadLine[]): Promise<Bytes> {
  const records = concat(lines.flatMap((line) => [headOf(line), line.octets]));
  assert(records.length <= PART_BYTES_MAX, 'a part within its limit');
  // A thread of libuv's pool does it, so that the main thread can answer other requests. Most of an
  // upload is base64 of random octets, which a higher level does not make smaller.
  return new Promise((resolve, reject) => {
    deflateRaw(records, { level: zlib.Z_BEST_SPEED }, (error, deflated) => {
      if (error === null) resolve(new Uint8Array(deflated));
      else reject(error);
    });
  });
}

/** The lines of a part, in their order. */
export function readRecords(deflated: Bytes): readonly UploadLine[] {
  const records = new Uint8Array(inflateRawSync(deflated, { maxOutputLength: PART_BYTES_MAX }));
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
  const lines: UploadLine[] = [];
  for (let at = 0; at < records.length; ) {
    assert(records.length - at >= HEAD_BYTES, 'a record has a head');
    const kind = KINDS[view.getUint8(at)];
    const length = view.getUint32(at + 1);
    const end = at + HEAD_BYTES + length;
    assert(kind !== undefined && length <= LINE_BYTES_MAX && end <= records.length, 'a record of a part');
    lines.push({ kind, octets: records.subarray(at + HEAD_BYTES, end) });
    at = end;
  }
  return lines;
}

function headOf({ kind, octets }: UploadLine): Bytes {
  const head = new Uint8Array(HEAD_BYTES);
  const view = new DataView(head.buffer);
  view.setUint8(0, KINDS.indexOf(kind));
  view.setUint32(1, octets.length);
  return head;
}

/** Makes the parts of an upload from its octets, as they come. */

/** Returns the next octets; null: the upload has ended. */
export type ReadOctets<Failure> = () => Promise<Result<Bytes | null, Failure>>;

export type CollectedPart = {
  readonly records: Bytes;
  readonly lines: number;
  /** How many octets of the upload were read when the part was complete. */
  readonly octetsRead: number;
};

/**
 * Yields parts until the upload has ended; a failure to read is the last that it yields. Nothing is
 * read while the caller stores a part, so a client sends no faster than the database writes.
 */
export async function* collectParts<Failure>(
  read: ReadOctets<Failure>,
): AsyncGenerator<Result<CollectedPart, Failure>, void> {
  const splitter = createLineSplitter();
  let lines: UploadLine[] = [];
  let bytes = 0;
  let octetsRead = 0;
  const takePart = async (): Promise<Result<CollectedPart, never>> => {
    const part = { records: await writeRecords(lines), lines: lines.length, octetsRead };
    lines = [];
    bytes = 0;
    return ok(part);
  };
  for (let hasEnded = false; !hasEnded; ) {
    const octets = await read();
    if (!octets.ok) {
      yield octets;
      return;
    }
    hasEnded = octets.value === null;
    octetsRead += octets.value?.length ?? 0;
    const complete = octets.value === null ? lastOf(splitter.end()) : splitter.push(octets.value);
    for (const line of complete) {
      if (bytes + recordBytes(line) > PART_BYTES_MAX) yield await takePart();
      lines.push(line);
      bytes += recordBytes(line);
    }
  }
  if (lines.length > 0) yield await takePart();
}

function lastOf(line: UploadLine | null): readonly UploadLine[] {
  return line === null ? [] : [line];
}

/** Whether an upload has the octets that its `Content-Digest` announces (RFC 9530). */

/**
 * `announced`: SHA-256 in hex; null: the client has announced none. `received`: SHA-256 of the
 * octets. Returns null if they agree.
 */
export function digestFault(announced: string | null, received: Bytes): Violation | null {
  if (announced === null || announced === toHex(received)) return null;
  return violation('Content-Digest', 'content-digest/differs', { digest: `sha-256=:${toBase64(received)}:` });
}
