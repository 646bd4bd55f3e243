/**
 * SoftHSM 2.6 writes `token.object` anew at every login, to store its flags, and truncates it first: a process that is killed
 * just then leaves an empty file, and with it neither label nor PIN nor a way to the keys. So whoever holds a token keeps a
 * copy of that file before each opening, and puts it back where the file was torn. What the copy holds is what the file held:
 * the label, and the token's key under the PINs.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Bytes, equalBytes } from '../../../src/kernel/bytes.js';

const KEPT_FOLDER = 'kept';
const TOKEN_FILE = 'token.object';

/**
 * To be called by the holder of the token's directory, while no PKCS#11 module has it open: before an opening, and as soon as a PIN was
 * changed, since a copy of before would bring the old PIN back with the file.
 */
export function repairTokens(softhsmDirectory: string): void {
  const tokens = join(softhsmDirectory, 'tokens');
  for (const id of existsSync(tokens) ? readdirSync(tokens) : []) {
    const file = join(tokens, id, TOKEN_FILE);
    const copy = join(softhsmDirectory, KEPT_FOLDER, id);
    const found = readOrEmpty(file);
    const kept = readOrEmpty(copy);
    // Its length changes with none of its values: a shorter one is a part of one.
    if (found.length < kept.length) writeWhole(file, kept);
    else if (found.length > 0 && !equalBytes(found, kept)) writeWhole(copy, found);
  }
}

function readOrEmpty(file: string): Bytes {
  return existsSync(file) ? readFileSync(file) : new Uint8Array(0);
}

function writeWhole(file: string, content: Bytes): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const part = `${file}.part`;
  const descriptor = openSync(part, 'w', 0o600);
  try {
    writeSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(part, file);
}
