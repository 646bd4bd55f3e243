/** Opens the files of a signer's journal, and deletes old ones. */
import { constants } from 'node:fs';
import { type FileHandle, open, stat, unlink } from 'node:fs/promises';
import type { Instant } from '../../src/kernel/clock.js';
import { segmentFile, segmentNumbers } from '../journal/segments.js';

/**
 * Says which complete segments are deleted when a new one begins. Only OCSP signers have such
 * limits, because anybody can cause entries in their journals. The job `ocsp-audit.ts` counts the
 * responses in the audit log once an hour, normally long before their segment is deleted.
 */
export type SegmentRetention = {
  /** Age in milliseconds: a segment without an entry in this time is deleted. */
  readonly ageMsMax: number;
  /** Number of segments that are kept: the oldest ones beyond it are deleted. */
  readonly segmentsMax: number;
};

/** Limit for the segments of an OCSP signer: 10 GiB, whatever the age of the entries is. */
export const OCSP_JOURNAL_SEGMENTS_MAX = 160;

/** Like `a+`, but a write returns only when its data survives a power cut (open(2), O_DSYNC). */
const SEGMENT_FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_DSYNC;

/** Opens or creates the segment with this number. */
export async function openSegment(folder: string, number: number): Promise<FileHandle> {
  const handle = await open(segmentFile(folder, number), SEGMENT_FLAGS, 0o640);
  await syncFolder(folder);
  return handle;
}

/**
 * Deletes segments that are too old or too many. `current`: number of the segment that gets the
 * next entry.
 */
export async function deleteOldSegments(
  folder: string,
  { current, now, ageMsMax, segmentsMax }: SegmentRetention & { readonly current: number; readonly now: Instant },
): Promise<void> {
  for (const number of await segmentNumbers(folder)) {
    if (number >= current) return;
    const file = segmentFile(folder, number);
    const isOld = now - (await stat(file)).mtimeMs > ageMsMax;
    if (!isOld && current - number < segmentsMax) return;
    await unlink(file);
  }
}

/** Syncs the folder, so that the name of a new file survives a power cut too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
