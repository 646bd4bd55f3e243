/** The paths of the files of a home folder. */
import { join } from 'node:path';

export type HomePaths = ReturnType<typeof homePaths>;

/** `signerSockets`: the folder of the signers' sockets, if it is not in the home folder. */
export function homePaths(home: string, signerSockets?: string) {
  return {
    home,
    /**
     * Names the environment of this home folder; a service of another environment does not start in
     * it.
     */
    environment: join(home, 'environment.json'),
    /** The id of this node, which no other home folder on the same database has. */
    node: join(home, 'node.json'),
    database: join(home, 'pfcng.sqlite'),
    /** The id of the database and the last entry of its audit log that this home folder knows. */
    databaseMark: join(home, 'database.json'),
    /** The last backup that was verified. */
    lastBackup: join(home, 'backup.json'),
    credentials: join(home, 'credentials'),
    /** CA and OCSP responder certificates, DER. */
    authorities: join(home, 'authorities'),
    crl: join(home, 'crl'),
    /** Saved answers of OCSP responders that run as separate processes. */
    ocsp: join(home, 'ocsp'),
    ceremony: join(home, 'ceremony'),
    /** The style, fonts and images of the operator, for the console. */
    consoleTheme: join(home, 'console-theme'),
    /** One SoftHSM folder for each token, so that a process sees only its own token. */
    tokens: join(home, 'tokens'),
    pins: join(home, 'pins'),
    /** Keys of the tags in audit entries, one for each year. */
    auditTags: join(home, 'secrets', 'audit-tags'),
    /** Keys of the secrets of registrations. */
    registrationKeys: join(home, 'secrets', 'registration'),
    signers: join(home, 'signers'),
    run: join(home, 'run'),
    /** Where a restore unpacks a backup. */
    restore: join(home, 'restore'),
    /** Exists while a restore places files and the database; no process starts meanwhile. */
    placing: join(home, 'restore', 'placing.json'),
    /** What the last restore has done and learnt. */
    restoreReport: join(home, 'restore-report.json'),
    /** One folder for each token, which contains one for each caller role. */
    signerSockets: signerSockets ?? join(home, 'run', 'signers'),
    /** `pfcng start` writes the log here; `pfcng serve` writes it to standard error. */
    log: join(home, 'log', 'service.ndjson'),
  } as const;
}

/** The limit of sun_path on macOS (unix(4)); on Linux it is 107 bytes. */
const SOCKET_PATH_BYTES_MAX = 103;
/**
 * The sockets of tokens and of ceremonies have shorter paths:
 * `ceremony/elementaire/.new-root-token/lock.1`.
 */
const LONGEST_SOCKET = join('run', 'signers', 'ocsp-elementaire-b', 'responder', 'socket');
export const HOME_PATH_BYTES_MAX = SOCKET_PATH_BYTES_MAX - '/'.length - LONGEST_SOCKET.length;

/** Checks the path of a home folder before anything is created in it; null: it is usable. */
export function homeFault(home: string, platform: string = process.platform): string | null {
  // On Linux sockets are opened relative to their folder, so the path may be long
  // (`hsm/wire/socket-address.ts`).
  if (platform === 'linux') return null;
  const bytes = Buffer.byteLength(home);
  if (bytes <= HOME_PATH_BYTES_MAX) return null;
  return (
    `the home folder ${home} has a path of ${bytes} bytes; the paths of Unix sockets in it allow ${HOME_PATH_BYTES_MAX}: ` +
    'set PFCNG_HOME to a shorter path'
  );
}
