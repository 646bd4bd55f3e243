import { type Logger, pino } from 'pino';
import type { Log } from '../ports/world.js';

/** JSON lines on standard error. PINs, keys and tokens have no field to be in; these names are struck out all the same. */
const STRUCK_OUT = ['pin', '*.pin', 'key', '*.key', 'secret', '*.secret', 'authorization', '*.authorization'];

export function createLog({ level }: { readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent' }): Log {
  const destination = pino.destination({ fd: 2, sync: true });
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
