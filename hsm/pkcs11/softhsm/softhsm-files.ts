import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { softhsmConfigurationFile } from '../../configuration.js';
import { repairTokens } from './softhsm-repair.js';

const TOKENS_FOLDER = 'tokens';

/**
 * Makes the directory and its configuration file, which is rewritten when the home folder was
 * moved. Repairs a token that was damaged when a process was killed.
 */
export function prepareSofthsmDirectory(softhsmDirectory: string): void {
  const objects = join(resolve(softhsmDirectory), TOKENS_FOLDER);
  mkdirSync(objects, { recursive: true, mode: 0o700 });
  repairTokens(softhsmDirectory);
  const text = `directories.tokendir = ${objects}\nobjectstore.backend = file\nlog.level = ERROR\n`;
  const file = softhsmConfigurationFile(softhsmDirectory);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  writeFileSync(file, text, { mode: 0o600 });
}

/**
 * Reads the files of a token: their content by their path below `tokens/`, sorted by path. The lock
 * files of SoftHSM, which are empty, are among them.
 */
export function readTokenFiles(softhsmDirectory: string): ReadonlyMap<string, Bytes> {
  const folder = join(softhsmDirectory, TOKENS_FOLDER);
  if (!existsSync(folder)) return new Map();
  const paths = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
  return new Map(paths.map((path) => [path, new Uint8Array(readFileSync(join(folder, path)))]));
}

/**
 * Writes the files of a token, as `readTokenFiles` has returned them, to a directory that has no
 * token yet.
 */
export function writeTokenFiles(softhsmDirectory: string, files: ReadonlyMap<string, Bytes>): void {
  for (const [path, content] of files) {
    const file = join(softhsmDirectory, TOKENS_FOLDER, path);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, content, { mode: 0o600, flag: 'wx' });
  }
}
