/**
 * Translates the errors of the drivers: faults of the environment become `database-unavailable`,
 * faults of this program become assertion failures.
 */
import { AssertionFailed } from '../../kernel/assert.js';
import type { StoreFailure } from '../../ports/store/failure.js';

/**
 * Thrown inside a transaction or a read. The methods of `Store` catch it, and return the value of
 * its member `failure` as their error.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  readonly failure: StoreFailure;
  /** Nothing was committed, and an immediate retry may succeed. */
  readonly canRetry: boolean;
  readonly isDiskFull: boolean;

  constructor(detail: string, retryAfterMs: number, { canRetry = false, isDiskFull = false } = {}) {
    super(detail);
    this.failure = { kind: 'database-unavailable', retryAfterMs, detail };
    this.canRetry = canRetry;
    this.isDiskFull = isDiskFull;
  }
}

/**
 * Retry time for a busy database, which recovers by itself. A full or broken disk has a longer one,
 * because it needs a person.
 */
export const RETRY_SOON_MS = 1_000;
export const RETRY_LATER_MS = 30_000;

type DriverFailure = {
  readonly retryAfterMs: number;
  readonly says: string;
  readonly canRetry?: boolean;
  readonly isDiskFull?: boolean;
};
type FailureTable = Readonly<Record<string, DriverFailure>>;

const soon = (says: string): DriverFailure => ({ retryAfterMs: RETRY_SOON_MS, says });
const later = (says: string): DriverFailure => ({ retryAfterMs: RETRY_LATER_MS, says });
const transient = (says: string): DriverFailure => ({ retryAfterMs: RETRY_SOON_MS, says, canRetry: true });
const full = (says: string): DriverFailure => ({ retryAfterMs: RETRY_LATER_MS, says, isDiskFull: true });

/**
 * SQLite's primary result codes (sqlite.org/rescode.html) that are about the environment and not
 * about our statements.
 */
const SQLITE: FailureTable = {
  SQLITE_BUSY: transient('another process holds the write lock'),
  SQLITE_LOCKED: soon('a table is locked'),
  SQLITE_PROTOCOL: soon('the lock of the write-ahead log could not be taken'),
  SQLITE_INTERRUPT: soon('a statement was interrupted'),
  SQLITE_NOMEM: later('out of memory'),
  SQLITE_FULL: full('the disk is full'),
  SQLITE_IOERR: later('reading or writing the disk failed'),
  SQLITE_READONLY: later('the database cannot be written'),
  SQLITE_CANTOPEN: later('the database file cannot be opened'),
  SQLITE_PERM: later('the database file may not be opened'),
  SQLITE_AUTH: later('the database refuses access'),
  SQLITE_CORRUPT: later('the database file is damaged'),
  SQLITE_NOTADB: later('the file is not a database'),
};

/**
 * SQLSTATEs (PostgreSQL, Appendix A) of the same kind: the whole code, or its class (the first two
 * characters).
 */
const POSTGRESQL: FailureTable = {
  '08': transient('the connection was lost'),
  '25006': transient('the server takes no writes: a standby, or a failover under way'),
  '25P03': soon('the transaction was idle for too long'),
  '28': later('the server refuses the role or its password'),
  '3D000': later('there is no such database'),
  '40001': transient('the transaction met another one'),
  '40P01': transient('the transaction met another one'),
  '42501': later('the role lacks a right'),
  '42P01': later('a table of the database is missing'),
  '53': later('the server lacks a resource'),
  '53100': full('the disk of the server is full'),
  '53200': later('the server is out of memory'),
  '53300': transient('the server has too many connections'),
  '55P03': soon('another process holds the write lock'),
  '57014': soon('a statement took too long'),
  '57P01': transient('the server is shutting down'),
  '57P02': transient('the server crashed and is starting again'),
  '57P03': transient('the server is starting or shutting down'),
  '57P04': later('the database was dropped'),
  '57P05': transient('the connection was idle for too long'),
  '58': later('the server could not read or write its files'),
  XX001: later('the database is damaged'),
  XX002: later('an index of the database is damaged'),
};

/** Codes of sockets (errno(3)) and of the address look-up. */
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  'EACCES',
]);
const SOCKET_CALLS = new Set(['connect', 'read', 'write', 'getaddrinfo']);
const TLS_CODE = /^(ERR_(TLS|SSL)_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH)/;

/** Errors of pg that have no code, by their first words. */
const CONNECTION_MESSAGES: readonly (readonly [RegExp, DriverFailure])[] = [
  [/^Connection terminated/, transient('the connection was lost')],
  [/^Client .* is not queryable$/, transient('the connection was lost')],
  [/^timeout expired$/, transient('the server does not answer')],
  [/^SASL: /, later('the server refuses the role or its password')],
  [/^The server does not support SSL connections$/, later('the server does not speak TLS')],
  [/^There was an error establishing an SSL connection$/, later('TLS with the server failed')],
];

/**
 * Translates an error of the driver into the error to throw. The original message is not repeated,
 * because it contains the statement, which may contain names of people.
 */
export function translateError(error: unknown): Error {
  if (error instanceof StoreUnavailable || error instanceof AssertionFailed) return error;
  if (!(error instanceof Error)) return new AssertionFailed('something that is no error was thrown');
  const { code, known } = sortedOut(error);
  if (known !== undefined) {
    const { says, retryAfterMs, ...flags } = known;
    const remedy = known.isDiskFull === true ? ': free space there' : '';
    return new StoreUnavailable(`${says}${code === '' ? '' : ` (${code})`}${remedy}`, retryAfterMs, flags);
  }
  if (code.startsWith('SQLITE_')) return new AssertionFailed(`${code}: ${sqliteReason(error)}`);
  if (isFromServer(error)) return new AssertionFailed(`SQLSTATE ${code}: ${postgresqlReason(error)}`);
  return error;
}

function sortedOut(error: Error): { readonly code: string; readonly known: DriverFailure | undefined } {
  const code = property(error, 'code');
  if (isFromServer(error)) return { code, known: POSTGRESQL[code] ?? POSTGRESQL[code.slice(0, 2)] };
  if (SQLITE[code] !== undefined) return { code, known: SQLITE[code] };
  if (isTableMissing(error)) return { code, known: POSTGRESQL['42P01'] };
  if (SOCKET_CODES.has(code) && SOCKET_CALLS.has(property(error, 'syscall'))) {
    return { code, known: transient('the server cannot be reached') };
  }
  if (TLS_CODE.test(code)) return { code, known: later('TLS with the server failed') };
  if (error.name === 'KnexTimeoutError') return { code: '', known: soon('no connection became free in time') };
  // knex puts the statement before the message.
  const said = error.message.slice(error.message.lastIndexOf(' - ') + 1).replace(/^- /, '');
  const [, known] = CONNECTION_MESSAGES.find(([words]) => words.test(said)) ?? [];
  return { code, known: code === '' ? known : undefined };
}

/**
 * Whether a table is missing, because the database was emptied or another one is in its place.
 * SQLite has no code of its own for this error.
 */
export function isTableMissing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return property(error, 'code') === '42P01' || /SQLITE_ERROR: no such table/.test(error.message);
}

/**
 * An ErrorResponse of PostgreSQL's protocol has a severity. EPIPE looks like a SQLSTATE, but has
 * none.
 */
export function isFromServer(error: Error): boolean {
  return property(error, 'severity') !== '' && /^[0-9A-Z]{5}$/.test(property(error, 'code'));
}

function property(error: Error, name: 'code' | 'syscall' | 'severity' | 'constraint' | 'table' | 'routine'): string {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : '';
}

/**
 * Returns what follows the driver's code: the name of a constraint or a table, without the
 * statement that knex put before it.
 */
function sqliteReason({ message }: Error): string {
  return message.slice(message.lastIndexOf('SQLITE_')).replace(/^SQLITE_[A-Z]+: /, '');
}

/**
 * Returns names only, because the server's message repeats values. The message of a row trigger is
 * our own text.
 */
function postgresqlReason(error: Error): string {
  const guard = /guard: [\w ,]+$/.exec(error.message)?.[0];
  return (
    guard ?? [property(error, 'table'), property(error, 'constraint'), property(error, 'routine')].join(' ').trim()
  );
}
