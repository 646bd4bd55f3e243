/**
 * A journal is a folder of files, its segments: `journal.000001.ndjson`, `journal.000002.ndjson`
 * and so on. The hash chain goes on from one segment to the next.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const SEGMENT = /^journal\.(\d{6,12})\.ndjson$/;

/** Returns the path of the segment with this number, which is 1 or more. */
export function segmentFile(folder: string, number: number): string {
  return join(folder, `journal.${String(number).padStart(6, '0')}.ndjson`);
}

/**
 * Returns the numbers of the segments in this folder, in ascending order; none if there is no such
 * folder.
 */
export async function segmentNumbers(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return [];
    throw thrown;
  });
  return names
    .flatMap((name) => SEGMENT.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => one - other);
}

/**
 * Returns the number of the last segment and its length, a text that changes with each new line;
 * empty: there is no segment.
 */
export async function journalEnd(folder: string): Promise<string> {
  const last = (await segmentNumbers(folder)).at(-1);
  return last === undefined ? '' : `${last} ${(await stat(segmentFile(folder, last))).size}`;
}
