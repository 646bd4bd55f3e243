/**
 * The form of the parts of an upload: the lines as records, deflated (RFC 1951). A record is its
 * kind in one octet, its length in four, most significant first, and its octets.
 */
import { deflateRaw, inflateRawSync, constants as zlib } from 'node:zlib';
import { assert } from '../kernel/assert.js';
import { type Bytes, concat } from '../kernel/bytes.js';
import { LINE_BYTES_MAX, type UploadLine } from './split-lines.js';

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
