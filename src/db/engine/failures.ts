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
  /** Whether nothing was committed and an immediate retry may succeed. */
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
 * After this time, a request may be retried. A busy database recovers by itself soon; a full or
 * broken disk takes longer, because a person has to repair it.
 */
export const RETRY_SOON_MS = 1_000;
export const RETRY_LATER_MS = 30_000;

type DriverFailure = {
  readonly retryAfterMs: number;
  readonly detail: string;
  readonly canRetry?: boolean;
  readonly isDiskFull?: boolean;
};
type FailureTable = Readonly<Record<string, DriverFailure>>;

const temporaryFailure = (detail: string): DriverFailure => ({ retryAfterMs: RETRY_SOON_MS, detail });
const lastingFailure = (detail: string): DriverFailure => ({ retryAfterMs: RETRY_LATER_MS, detail });
const retriedFailure = (detail: string): DriverFailure => ({ retryAfterMs: RETRY_SOON_MS, detail, canRetry: true });
const diskFullFailure = (detail: string): DriverFailure => ({ retryAfterMs: RETRY_LATER_MS, detail, isDiskFull: true });

/**
 * SQLite's primary result codes (sqlite.org/rescode.html) that are about the environment and not
 * about our statements.
 */
const SQLITE_FAILURES: FailureTable = {
  SQLITE_BUSY: retriedFailure('another process holds the write lock'),
  SQLITE_LOCKED: temporaryFailure('a table is locked'),
  SQLITE_PROTOCOL: temporaryFailure('the lock of the write-ahead log could not be taken'),
  SQLITE_INTERRUPT: temporaryFailure('a statement was interrupted'),
  SQLITE_NOMEM: lastingFailure('out of memory'),
  SQLITE_FULL: diskFullFailure('the disk is full'),
  SQLITE_IOERR: lastingFailure('reading or writing the disk failed'),
  SQLITE_READONLY: lastingFailure('the database cannot be written'),
  SQLITE_CANTOPEN: lastingFailure('the database file cannot be opened'),
  SQLITE_PERM: lastingFailure('the database file may not be opened'),
  SQLITE_AUTH: lastingFailure('the database refuses access'),
  SQLITE_CORRUPT: lastingFailure('the database file is damaged'),
  SQLITE_NOTADB: lastingFailure('the file is not a database'),
};

/**
 * SQLSTATEs (PostgreSQL, Appendix A) that are about the environment and not about our statements:
 * the whole code, or its class (the first two characters).
 */
const POSTGRESQL_FAILURES: FailureTable = {
  '08': retriedFailure('the connection was lost'),
  '25006': retriedFailure('the server takes no writes: a standby, or a failover under way'),
  '25P03': temporaryFailure('the transaction was idle for too long'),
  '28': lastingFailure('the server refuses the role or its password'),
  '3D000': lastingFailure('there is no such database'),
  '40001': retriedFailure('the transaction met another one'),
  '40P01': retriedFailure('the transaction met another one'),
  '42501': lastingFailure('the role lacks a right'),
  '42P01': lastingFailure('a table of the database is missing'),
  '53': lastingFailure('the server lacks a resource'),
  '53100': diskFullFailure('the disk of the server is full'),
  '53200': lastingFailure('the server is out of memory'),
  '53300': retriedFailure('the server has too many connections'),
  '55P03': temporaryFailure('another process holds the write lock'),
  '57014': temporaryFailure('a statement took too long'),
  '57P01': retriedFailure('the server is shutting down'),
  '57P02': retriedFailure('the server crashed and is starting again'),
  '57P03': retriedFailure('the server is starting or shutting down'),
  '57P04': lastingFailure('the database was dropped'),
  '57P05': retriedFailure('the connection was idle for too long'),
  '58': lastingFailure('the server could not read or write its files'),
  XX001: lastingFailure('the database is damaged'),
  XX002: lastingFailure('an index of the database is damaged'),
};

/** Error codes of sockets (errno(3)) and of the resolution of host names. */
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

/** Errors of pg that have no code. They are recognised by their messages. */
const CONNECTION_MESSAGES: readonly (readonly [RegExp, DriverFailure])[] = [
  [/^Connection terminated/, retriedFailure('the connection was lost')],
  [/^Client .* is not queryable$/, retriedFailure('the connection was lost')],
  [/^timeout expired$/, retriedFailure('the server does not answer')],
  [/^SASL: /, lastingFailure('the server refuses the role or its password')],
  [/^The server does not support SSL connections$/, lastingFailure('the server does not speak TLS')],
  [/^There was an error establishing an SSL connection$/, lastingFailure('TLS with the server failed')],
];

/**
 * Translates an error of the driver into the error to throw. The original message is not repeated
 * as a whole, because it contains the statement, which may contain names of people. An error that
 * is not recognised as one of a driver is returned as it is.
 */
export function translateError(error: unknown): Error {
  if (error instanceof StoreUnavailable || error instanceof AssertionFailed) return error;
  if (!(error instanceof Error)) return new AssertionFailed('something that is no error was thrown');
  const { code, known } = classifyError(error);
  if (known !== undefined) {
    const { detail, retryAfterMs, ...flags } = known;
    const remedy = known.isDiskFull === true ? ': free space there' : '';
    return new StoreUnavailable(`${detail}${code === '' ? '' : ` (${code})`}${remedy}`, retryAfterMs, flags);
  }
  if (code.startsWith('SQLITE_')) return new AssertionFailed(`${code}: ${sqliteReason(error)}`);
  if (isFromServer(error)) return new AssertionFailed(`SQLSTATE ${code}: ${postgresqlReason(error)}`);
  return error;
}

function classifyError(error: Error): { readonly code: string; readonly known: DriverFailure | undefined } {
  const code = property(error, 'code');
  if (isFromServer(error)) return { code, known: POSTGRESQL_FAILURES[code] ?? POSTGRESQL_FAILURES[code.slice(0, 2)] };
  if (SQLITE_FAILURES[code] !== undefined) return { code, known: SQLITE_FAILURES[code] };
  if (isTableMissing(error)) return { code, known: POSTGRESQL_FAILURES['42P01'] };
  if (SOCKET_CODES.has(code) && SOCKET_CALLS.has(property(error, 'syscall'))) {
    return { code, known: retriedFailure('the server cannot be reached') };
  }
  if (TLS_CODE.test(code)) return { code, known: lastingFailure('TLS with the server failed') };
  if (error.name === 'KnexTimeoutError')
    return { code: '', known: temporaryFailure('no connection became free in time') };
  // knex puts the statement and ` - ` before the message.
  const driverMessage = error.message.slice(error.message.lastIndexOf(' - ') + 1).replace(/^- /, '');
  const [, known] = CONNECTION_MESSAGES.find(([words]) => words.test(driverMessage)) ?? [];
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
 * Whether the error is an ErrorResponse of the PostgreSQL server. Only such errors have a severity:
 * EPIPE, an error of a socket, has five capital letters like some SQLSTATEs.
 */
export function isFromServer(error: Error): boolean {
  return property(error, 'severity') !== '' && /^[0-9A-Z]{5}$/.test(property(error, 'code'));
}

function property(error: Error, name: 'code' | 'syscall' | 'severity' | 'constraint' | 'table' | 'routine'): string {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : '';
}

/**
 * Returns the message that follows SQLite's error code, such as the name of a constraint or a
 * table, without the statement that knex put before it.
 */
function sqliteReason({ message }: Error): string {
  return message.slice(message.lastIndexOf('SQLITE_')).replace(/^SQLITE_[A-Z]+: /, '');
}

/**
 * Returns only the names of the table, the constraint and the server's function, because the
 * server's message repeats values. The message of a row trigger is our own text, and is returned
 * instead.
 */
function postgresqlReason(error: Error): string {
  const guard = /guard: [\w ,]+$/.exec(error.message)?.[0];
  return (
    guard ?? [property(error, 'table'), property(error, 'constraint'), property(error, 'routine')].join(' ').trim()
  );
}
