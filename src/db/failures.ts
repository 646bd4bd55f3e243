/** What the driver throws, sorted once: the world's fault becomes `database-unavailable`, ours stays an assertion. */
import { AssertionFailed } from '../kernel/assert.js';
import type { StoreFailure } from '../ports/store.js';

/** Thrown inside a transaction or a read; `Store` turns it into its `failure`. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  readonly failure: StoreFailure;

  constructor(detail: string, retryAfterMs: number) {
    super(detail);
    this.failure = { kind: 'database-unavailable', retryAfterMs, detail };
  }
}

/** Busy passes by itself; a full or broken disk waits for a person. */
export const RETRY_SOON_MS = 1_000;
const RETRY_LATER_MS = 30_000;

/** SQLite's primary result codes (sqlite.org/rescode.html) that say something of the world and nothing of our statements. */
const UNAVAILABLE: Readonly<Record<string, { readonly retryAfterMs: number; readonly says: string }>> = {
  SQLITE_BUSY: { retryAfterMs: RETRY_SOON_MS, says: 'another process holds the write lock' },
  SQLITE_LOCKED: { retryAfterMs: RETRY_SOON_MS, says: 'a table is locked' },
  SQLITE_PROTOCOL: { retryAfterMs: RETRY_SOON_MS, says: 'the lock of the write-ahead log could not be taken' },
  SQLITE_INTERRUPT: { retryAfterMs: RETRY_SOON_MS, says: 'a statement was interrupted' },
  SQLITE_NOMEM: { retryAfterMs: RETRY_LATER_MS, says: 'out of memory' },
  SQLITE_FULL: { retryAfterMs: RETRY_LATER_MS, says: 'the disk is full' },
  SQLITE_IOERR: { retryAfterMs: RETRY_LATER_MS, says: 'reading or writing the disk failed' },
  SQLITE_READONLY: { retryAfterMs: RETRY_LATER_MS, says: 'the database cannot be written' },
  SQLITE_CANTOPEN: { retryAfterMs: RETRY_LATER_MS, says: 'the database file cannot be opened' },
  SQLITE_PERM: { retryAfterMs: RETRY_LATER_MS, says: 'the database file may not be opened' },
  SQLITE_AUTH: { retryAfterMs: RETRY_LATER_MS, says: 'the database refuses access' },
  SQLITE_CORRUPT: { retryAfterMs: RETRY_LATER_MS, says: 'the database file is damaged' },
  SQLITE_NOTADB: { retryAfterMs: RETRY_LATER_MS, says: 'the file is not a database' },
};

/**
 * The error to throw in the place of the driver's. Its message is not repeated: it carries the statement, which may carry
 * what people are called.
 */
export function translated(error: unknown): Error {
  if (error instanceof StoreUnavailable || error instanceof AssertionFailed) return error;
  const code = codeOf(error);
  const known = UNAVAILABLE[code];
  if (known !== undefined) return new StoreUnavailable(`${known.says} (${code})`, known.retryAfterMs);
  if (error instanceof Error && error.name === 'KnexTimeoutError') {
    return new StoreUnavailable('no connection became free in time', RETRY_SOON_MS);
  }
  if (code.startsWith('SQLITE_')) return new AssertionFailed(`${code}: ${reasonOf(error)}`);
  return error instanceof Error ? error : new AssertionFailed('something that is no error was thrown');
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** What stands after the driver's code: the name of a constraint or a table, without the statement knex put before it. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  return message.slice(message.lastIndexOf('SQLITE_')).replace(/^SQLITE_[A-Z]+: /, '');
}
