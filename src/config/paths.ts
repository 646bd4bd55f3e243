/** Paths of the files of one home folder. */
import { join } from 'node:path';

export type HomePaths = ReturnType<typeof homePaths>;

/** `signerSockets`: where these are elsewhere than in the home folder. */
export function homePaths(home: string, signerSockets?: string) {
  return {
    home,
    /** The environment's mark: a home of another environment is refused. */
    environment: join(home, 'environment.json'),
    database: join(home, 'pfcng.sqlite'),
    credentials: join(home, 'credentials'),
    /** CA and OCSP responder certificates, DER. */
    authorities: join(home, 'authorities'),
    crl: join(home, 'crl'),
    /** Answers of responders that are processes of their own. */
    ocsp: join(home, 'ocsp'),
    ceremony: join(home, 'ceremony'),
    /** One SoftHSM folder a token, so that a process sees its own token only. */
    tokens: join(home, 'tokens'),
    pins: join(home, 'pins'),
    signers: join(home, 'signers'),
    run: join(home, 'run'),
    /** A folder a token, and in it one for each caller role. */
    signerSockets: signerSockets ?? join(home, 'run', 'signers'),
    /** Where `pfcng start` writes the log; `pfcng serve` writes it to standard error. */
    log: join(home, 'log', 'service.ndjson'),
  } as const;
}

/** sun_path of macOS (unix(4)); that of Linux has 107 octets. */
const SOCKET_PATH_BYTES_MAX = 103;
/** Those of tokens and of ceremonies are shorter: `ceremony/elementaire/.new-root-token/lock.1`. */
const LONGEST_SOCKET = join('run', 'signers', 'ocsp-elementaire-b', 'responder', 'socket');
export const HOME_PATH_BYTES_MAX = SOCKET_PATH_BYTES_MAX - '/'.length - LONGEST_SOCKET.length;

/** What is wrong with the place of a home folder, before anything is made in it; null: nothing, as on Linux anywhere. */
export function homeFault(home: string, platform: string = process.platform): string | null {
  // Its sockets are reached by their folders, however deep these lie (`hsm/wire/socket-address.ts`).
  if (platform === 'linux') return null;
  const bytes = Buffer.byteLength(home);
  if (bytes <= HOME_PATH_BYTES_MAX) return null;
  return (
    `the home folder ${home} has a path of ${bytes} octets, and Unix sockets in it leave room for ${HOME_PATH_BYTES_MAX}: ` +
    'name a shorter one in PFCNG_HOME'
  );
}

export function publicationFile(folder: string, stem: string, ending: 'crl' | 'cer'): string {
  return join(folder, `${stem}.${ending}`);
}
