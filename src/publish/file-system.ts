/** Helpers for files whose expected failures are values. */
import type { Stats } from 'node:fs';
import { err, ok, type Result } from '../kernel/result.js';
import type { OutletFailure } from '../ports/outlet.js';

/**
 * Returns errors of the file system as values: disk full, read-only, missing rights, not mounted.
 */
export async function tryFileSystem<Value>(work: () => Promise<Value>): Promise<Result<Value, OutletFailure>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return err({ kind: 'outlet-unavailable', detail: error.message });
    throw error;
  }
}

/** Changes when the file is replaced or written. */
export function identityOf({ ino, size, mtimeMs }: Pick<Stats, 'ino' | 'size' | 'mtimeMs'>): string {
  return `${ino}-${size}-${mtimeMs}`;
}
