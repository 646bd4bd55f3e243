/** Where files cost no disk, for what is made by the thousand and outlives no run. */
import { existsSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

export const MEMORY = '/dev/shm';
const BYTES_MIN = 2 * 1024 ** 3;

/** The system's temporary folder, where there is no such place or too little of it. */
export function memoryFolder(): string {
  if (!existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize >= BYTES_MIN ? MEMORY : tmpdir();
}
