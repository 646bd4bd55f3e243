/** Where everything is: the package's own files, and those of one home folder. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from '../kernel/assert.js';

/** The folder that holds package.json, from compiled code or sources alike. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    assert(dirname(folder) !== folder, 'package.json is above the code');
    folder = dirname(folder);
  }
  return folder;
}

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
    ceremony: join(home, 'ceremony'),
    /** One SoftHSM folder a token, so that a process sees its own token only. */
    tokens: join(home, 'tokens'),
    pins: join(home, 'pins'),
    signers: join(home, 'signers'),
    run: runFolder(home),
    /** A folder a token, and in it one for each caller role. */
    signerSockets: signerSockets ?? join(runFolder(home), 'signers'),
    /** Where `pfcng start` writes the log; `pfcng serve` writes it to standard error. */
    log: join(home, 'log', 'service.ndjson'),
  } as const;
}

/** The path of a Unix socket is limited to 107 octets (unix(7)): a home that lies too deep has its sockets elsewhere. */
function runFolder(home: string): string {
  const usual = join(home, 'run');
  const longest = join(usual, 'signers', 'ocsp-elementaire-b', 'responder', 'socket');
  if (Buffer.byteLength(longest) <= 100) return usual;
  return join(tmpdir(), `pfcng-${createHash('sha256').update(home).digest('hex').slice(0, 12)}`);
}

export function publicationFile(folder: string, stem: string, ending: 'crl' | 'cer'): string {
  return join(folder, `${stem}.${ending}`);
}
