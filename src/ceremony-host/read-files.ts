/** Reads the files of a home folder that a transcript names. */
import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { splitLines } from '../ceremony/transcript/transcript.js';
import type { VerifyFault } from '../ceremony/verify/model.js';
import { ARTEFACT_BYTES_MAX, TOO_LARGE, TRANSCRIPT_BYTES_MAX } from '../ceremony/verify/verify.js';
import { readRegularFile } from '../config/regular-file.js';
import { type Bytes, fromUtf8 } from '../kernel/bytes.js';
import { err, ok, type Result } from '../kernel/result.js';
import { isMissing } from './files.js';

/**
 * `null`: the file does not exist, is too large, is not a regular file, or its path or a link
 * leaves the folder. So the author of a transcript cannot make this machine read other files, or
 * block.
 */
export function readBelow(home: string, path: string, bytesMax = ARTEFACT_BYTES_MAX): Bytes | null {
  const read = tryRead(home, path, bytesMax);
  return read.ok ? read.value : null;
}

type NotRead = 'absent' | 'too-large';

function tryRead(home: string, path: string, bytesMax: number): Result<Bytes, NotRead> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/.test(path)) return err('absent');
  try {
    const real = realpathSync(join(home, path));
    if (relative(realpathSync(home), real).startsWith('..')) return err('absent');
    return ok(new Uint8Array(readRegularFile(real, bytesMax)));
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
    if (code === 'EFBIG') return err('too-large');
    if (isMissing(thrown) || code === 'ELOOP' || code === 'EISDIR' || code === 'ESPIPE') return err('absent');
    throw thrown;
  }
}

const NOT_UTF8 = { fr: "le fichier n'est pas en UTF-8", en: 'the file is not UTF-8' };
const CUT_OFF = { fr: 'la dernière ligne est tronquée', en: 'the last line is cut off' };

/**
 * The lines of a transcript and its home folder. A transcript is
 * `<home>/ceremony/<id>/transcript.ndjson`, and the paths of its files are relative to `<home>`.
 */
export function readTranscript(
  file: string,
): Result<{ readonly home: string; readonly lines: readonly string[] }, VerifyFault> {
  const folder = dirname(resolve(file));
  const home = dirname(dirname(folder));
  const read = tryRead(folder, basename(file), TRANSCRIPT_BYTES_MAX);
  if (!read.ok)
    return read.error === 'too-large'
      ? err({ kind: 'transcript-too-large', rule: TOO_LARGE })
      : err({ kind: 'artefact-missing', artefact: relative(home, resolve(file)) });
  const text = fromUtf8(read.value);
  if (text === null) return err({ kind: 'line-altered', line: 1, rule: NOT_UTF8 });
  const { lines, torn } = splitLines(text);
  if (torn !== '') return err({ kind: 'line-altered', line: lines.length + 1, rule: CUT_OFF });
  return ok({ home, lines });
}

/**
 * Finds a transcript that is in the folder of another ceremony. It would verify there with its own
 * files, and the missing transcript would go unnoticed. null: it is in its own folder.
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
