/**
 * `database.json` in the home folder: the id of the database, and the last entry of its audit log
 * that this home folder knows. With it, a start notices that the database was removed, replaced or
 * restored.
 */
import { readSync } from 'node:fs';
import { readRegularFile } from '../../config/regular-file.js';
import { replaceFile } from '../../config/replace-file.js';
import { errorMessage, hasCode } from '../../kernel/errors.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { DatabasePoint } from '../../ports/store/continuity.js';

/**
 * The file always has this length, so that it can be overwritten in place, within one sector of the
 * disk, even when the disk is full.
 */
const MARK_BYTES = 256;

const EMPTY_LOG_HASH = '0'.repeat(64);

/** Returns the point of a database before the first entry of its audit log. */
export function pointBeforeFirstEntry(id: string): DatabasePoint {
  return { id, seq: 0, chainHash: EMPTY_LOG_HASH };
}

/**
 * Reads `database.json`. null: there is no such file, so that the home folder knows no database.
 */
export function readMark(file: string): Result<DatabasePoint | null, string> {
  let text: string;
  try {
    text = readRegularFile(file).toString('utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return ok(null);
    return err(`${file} cannot be read: ${errorMessage(error)}`);
  }
  const point = parseMark(text);
  return point === null ? err(`${file} is damaged: restore it from a backup of the home folder`) : ok(point);
}

/** Reads the mark from an open file. null: the file has no valid mark. */
export function readOpenMark(file: number): DatabasePoint | null {
  const content = Buffer.alloc(MARK_BYTES);
  return parseMark(content.toString('utf8', 0, readSync(file, content, 0, MARK_BYTES, 0)));
}

function parseMark(text: string): DatabasePoint | null {
  try {
    const { id, seq, chainHash } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const isPoint =
      typeof id === 'string' &&
      Number.isSafeInteger(seq) &&
      typeof chainHash === 'string' &&
      /^[0-9a-f]{64}$/.test(chainHash);
    return isPoint ? { id, seq: Number(seq), chainHash } : null;
  } catch {
    return null;
  }
}

/** Creates or replaces the file. After a power cut it has the old content or the new one. */
export function writeMark(file: string, point: DatabasePoint): void {
  replaceFile(file, markText(point), { part: `${file}.new`, mode: 0o600 });
}

export function markText({ id, seq, chainHash }: DatabasePoint): string {
  return `${JSON.stringify({ id, seq, chainHash }).padEnd(MARK_BYTES - 1)}\n`;
}
