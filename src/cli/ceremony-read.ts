/** Files of a home folder as a transcript names them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bytes } from '../kernel/bytes.js';
import { isMissing } from './ceremony-files.js';

/** null: not there, or a path that leaves the home folder: whoever wrote the transcript does not say what is read. */
export function readBelow(home: string, path: string): Bytes | null {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/.test(path)) return null;
  try {
    return new Uint8Array(readFileSync(join(home, path)));
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
}
