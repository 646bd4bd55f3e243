import { type Logger, pino } from 'pino';
import type { Log } from '../ports/world.js';

/** PINs, keys and tokens have no field to be in; these names are struck out all the same. */
const STRUCK_OUT = ['pin', '*.pin', 'key', '*.key', 'secret', '*.secret', 'authorization', '*.authorization'];

export type LogOptions = {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly file?: string;
};

/** JSON lines on standard error, or at the end of `file`. */
export function createLog({ level, file }: LogOptions): Log {
  const destination = pino.destination(
    file === undefined ? { fd: 2, sync: true } : { dest: file, sync: true, mkdir: true },
  );
  const logger: Logger = pino(
    { level, redact: STRUCK_OUT, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination,
  );
  return {
    info: (event, fields = {}) => logger.info({ event, ...fields }),
    warn: (event, fields = {}) => logger.warn({ event, ...fields }),
    error: (event, fields = {}) => logger.error({ event, ...fields }),
  };
}
