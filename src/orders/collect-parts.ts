/** Makes the parts of an upload from its octets, as they come. */
import type { Bytes } from '../kernel/bytes.js';
import { ok, type Result } from '../kernel/result.js';
import { PART_BYTES_MAX, recordBytes, writeRecords } from './part-records.js';
import { createLineSplitter, type UploadLine } from './split-lines.js';

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
