/**
 * Starts the supervisor of the signers beside a service whose configuration says `signers:
 * supervised`.
 */
import { openSync } from 'node:fs';
import { type SupervisorProcess, startSupervisorProcess } from '../../../hsm/client/spawn-supervisor.js';
import type { Log } from '../../ports/world.js';
import type { Home } from '../home.js';

export type SupervisorOptions = {
  /** Path of the `pfcng` program. */
  readonly program: string;
  /** Path of a log file; absent: the log goes to standard error. */
  readonly logFile?: string | undefined;
};

export function superviseSigners(
  { config }: Home,
  { program, logFile }: SupervisorOptions,
  log: Log,
): SupervisorProcess {
  return startSupervisorProcess({
    argv: [process.execPath, '--max-semi-space-size=8', '--max-old-space-size=64', program, 'signer', '--attached'],
    env: {
      PATH: config.searchPath,
      PFCNG_HOME: config.paths.home,
      ...(config.file === null ? {} : { PFCNG_CONFIG: config.file }),
      PFCNG_PKCS11_MODULE: config.pkcs11.module,
      ...(config.credentials === null ? {} : { CREDENTIALS_DIRECTORY: config.credentials }),
    },
    log: ({ event, ...fields }) => log.info(event, { ...fields }),
    ...(logFile === undefined ? {} : { stderr: openSync(logFile, 'a') }),
  });
}
