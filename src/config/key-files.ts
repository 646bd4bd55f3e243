/** Files of secret keys: random octets, mode 0600, one file for each key. */
import { linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Bytes, toHex } from '../kernel/bytes.js';
import { errorMessage, hasCode } from '../kernel/errors.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { Random } from '../ports/world.js';
import { readSecretOctets } from './password-file.js';

/** `fault`: why `file` cannot be used, as the rest of a sentence that begins with its path. */
export type KeyFileFault = { readonly file: string; readonly fault: string };

/** `folder`: null: there is none. `form`: matches a file name; its group is the id of the key. */
type KeyFolder = { readonly folder: string | null; readonly form: RegExp };

/** All keys by their ids; the map may be empty. The error names each file that cannot be used. */
export function readKeyFiles(
  folders: readonly KeyFolder[],
  octets: number,
): Result<ReadonlyMap<string, Bytes>, readonly KeyFileFault[]> {
  const keys = new Map<string, Bytes>();
  const faults: KeyFileFault[] = [];
  for (const { id, file } of folders.flatMap(filesIn)) {
    const read = readSecretOctets(file, octets);
    if (read.ok) keys.set(id, read.value);
    else faults.push({ file, fault: read.error });
  }
  return faults.length === 0 ? ok(keys) : err(faults);
}

function filesIn({ folder, form }: KeyFolder): readonly { readonly id: string; readonly file: string }[] {
  if (folder === null) return [];
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    // Without the folder there is no key, which is reported where a key is needed.
    return [];
  }
  return names.flatMap((name) => {
    const [, id] = form.exec(name) ?? [];
    return id === undefined ? [] : [{ id, file: join(folder, name) }];
  });
}

/** Makes a key. A key that is there is never replaced: the error says so. */
export function makeKeyFile(file: string, octets: number, random: Random): Result<void, string> {
  // At random, so that a file which a killed process has left is never in the way.
  const part = `${file}.${toHex(random(8))}.new`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(part, random(octets), { flag: 'wx', mode: 0o600, flush: true });
    // A link, unlike a renaming, fails where another process has made the key.
    linkSync(part, file);
    return ok(undefined);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return err(`${file} exists already`);
    return err(`${file} cannot be written: ${errorMessage(error)}`);
  } finally {
    rmSync(part, { force: true });
  }
}
