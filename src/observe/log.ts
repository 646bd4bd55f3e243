import { type Logger, pino } from 'pino';
import type { Log } from '../ports/world.js';

/** No log field holds PINs, keys or secrets. Fields with these names are redacted all the same. */
const REDACTED_FIELDS = ['pin', '*.pin', 'key', '*.key', 'secret', '*.secret', 'authorization', '*.authorization'];

type LogOptions = {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly file?: string;
};

/** Lines that cannot be written are kept up to this size, and written when there is space again. */
const UNWRITTEN_BYTES_MAX = 4 * 1024 * 1024;

/**
 * Writes JSON lines to standard error, or appends them to `file`. A full disk does not end the
 * process: relying parties still get their responses.
 */
export function createLog({ level, file }: LogOptions): Log {
  const destination = pino.destination(
    file === undefined
      ? { fd: 2, sync: true, maxLength: UNWRITTEN_BYTES_MAX }
      : { dest: file, sync: true, mkdir: true, maxLength: UNWRITTEN_BYTES_MAX },
  );
  destination.once('error', (error: unknown) => {
    if (file !== undefined) process.stderr.write(`pfcng: the log ${file} cannot be written: ${String(error)}\n`);
  });
  destination.on('error', () => undefined);
  const logger: Logger = pino(
    { level, redact: REDACTED_FIELDS, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination,
  );
  return {
    info: (event, fields = {}) => logger.info({ event, ...fields }),
    warn: (event, fields = {}) => logger.warn({ event, ...fields }),
    error: (event, fields = {}) => logger.error({ event, ...fields }),
  };
}
