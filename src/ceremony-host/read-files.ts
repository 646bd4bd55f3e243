/** Reads the files of a home folder that a transcript names. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { splitLines } from '../ceremony/transcript/transcript.js';
import type { VerifyFault } from '../ceremony/verify/model.js';
import { ARTEFACT_BYTES_MAX, TOO_LARGE, TRANSCRIPT_BYTES_MAX } from '../ceremony/verify/verify.js';
import type { Bytes } from '../kernel/bytes.js';
import { err, ok, type Result } from '../kernel/result.js';
import { isMissing } from './files.js';

/**
 * `null`: the file does not exist, is too large, is not a regular file, or its path or a link
 * leaves the folder. So the author of a transcript cannot make this machine read other files, or
 * block.
 */
export function readBelow(home: string, path: string, bytesMax = ARTEFACT_BYTES_MAX): Bytes | null {
  const found = findBelow(home, path);
  return found === null || found.size > bytesMax ? null : new Uint8Array(readFileSync(found.real));
}

/** Finds the file without reading it. */
function findBelow(home: string, path: string): { readonly real: string; readonly size: number } | null {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/.test(path)) return null;
  try {
    const real = realpathSync(join(home, path));
    if (relative(realpathSync(home), real).startsWith('..')) return null;
    const found = statSync(real);
    return found.isFile() ? { real, size: found.size } : null;
  } catch (thrown) {
    if (isMissing(thrown) || isLoop(thrown)) return null;
    throw thrown;
  }
}

const NOT_UTF8 = { fr: "le fichier n'est pas en UTF-8", en: 'the file is not UTF-8' };
const CUT_OFF = { fr: 'la dernière ligne est coupée', en: 'the last line is cut off' };

/**
 * The lines of a transcript and its home folder. A transcript is
 * `<home>/ceremony/<id>/transcript.ndjson`, and the paths of its files are relative to `<home>`.
 */
export function readTranscript(
  file: string,
): Result<{ readonly home: string; readonly lines: readonly string[] }, VerifyFault> {
  const folder = dirname(resolve(file));
  const home = dirname(dirname(folder));
  const found = findBelow(folder, basename(file));
  if (found === null) return err({ kind: 'artefact-missing', artefact: relative(home, resolve(file)) });
  if (found.size > TRANSCRIPT_BYTES_MAX) return err({ kind: 'transcript-too-large', rule: TOO_LARGE });
  const text = decodeUtf8(new Uint8Array(readFileSync(found.real)));
  if (text === null) return err({ kind: 'line-altered', line: 1, rule: NOT_UTF8 });
  const { lines, torn } = splitLines(text);
  if (torn !== '') return err({ kind: 'line-altered', line: lines.length + 1, rule: CUT_OFF });
  return ok({ home, lines });
}

function decodeUtf8(bytes: Bytes): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Whether symbolic links form a loop. */
function isLoop(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ELOOP';
}

/**
 * The fault of a transcript that is in the folder of another ceremony. It would verify there with
 * its own files, and the missing transcript would go unnoticed.
 */
export function folderFault(file: string, ceremony: string): VerifyFault | null {
  const folder = basename(dirname(resolve(file)));
  if (folder === ceremony) return null;
  const rule = {
    fr: `c'est la transcription de la cérémonie ${ceremony}, dans le dossier de ${folder}`,
    en: `the transcript of ceremony ${ceremony}, in the folder of ${folder}`,
  };
  return { kind: 'line-altered', line: 1, rule };
}
