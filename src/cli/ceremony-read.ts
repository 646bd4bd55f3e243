/** Files of a home folder as a transcript names them. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { ARTEFACT_BYTES_MAX, type VerifyFault } from '../ceremony/verify.js';
import type { Bytes } from '../kernel/bytes.js';
import { isMissing } from './ceremony-files.js';

/**
 * null: not there, or not a file of this folder: a path or a link that leaves it, a pipe, a device, more than any ceremony makes. Whoever
 * wrote the transcript, or packed the folder, does not say what else of this machine is read, or for how long.
 */
export function readBelow(home: string, path: string): Bytes | null {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/.test(path)) return null;
  try {
    const real = realpathSync(join(home, path));
    if (relative(realpathSync(home), real).startsWith('..')) return null;
    const found = statSync(real);
    return found.isFile() && found.size <= ARTEFACT_BYTES_MAX ? new Uint8Array(readFileSync(real)) : null;
  } catch (thrown) {
    if (isMissing(thrown) || isLoop(thrown)) return null;
    throw thrown;
  }
}

/** Of symbolic links. */
function isLoop(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ELOOP';
}

/** A transcript in the place of another's would hold there, with its own files, and nobody would miss the other. */
export function placeFault(file: string, ceremony: string): VerifyFault | null {
  const folder = basename(dirname(resolve(file)));
  if (folder === ceremony) return null;
  const rule = {
    fr: `c'est le procès-verbal de la cérémonie ${ceremony}, dans le dossier de ${folder}`,
    en: `the transcript of ceremony ${ceremony}, in the folder of ${folder}`,
  };
  return { kind: 'line-altered', line: 1, rule };
}
