import { type Logger, pino } from 'pino';
import type { Log } from '../ports/world.js';

/** No log field holds PINs, keys or secrets. Fields with these names are removed all the same. */
const REDACTED_FIELDS = ['pin', '*.pin', 'key', '*.key', 'secret', '*.secret', 'authorization', '*.authorization'];

type LogOptions = {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly file?: string;
};

/** Writes JSON lines to standard error, or appends them to `file`. */
export function createLog({ level, file }: LogOptions): Log {
  const destination = pino.destination(
    file === undefined ? { fd: 2, sync: true } : { dest: file, sync: true, mkdir: true },
  );
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
