/**
 * SoftHSM 2.6 writes `token.object` at every login, to store its flags, and truncates it first. A
 * process that is killed at that moment leaves an empty file, so that label, PIN and keys are lost.
 * Therefore the process that locks a token copies that file before each opening, and restores it
 * when it is incomplete. The copy has the same content: the label, and the token's key encrypted
 * with the PINs.
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
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Bytes, equalBytes } from '../../../src/kernel/bytes.js';

const COPIES_FOLDER = 'copies';
const TOKEN_FILE = 'token.object';

/**
 * Repairs each incomplete `token.object` from its copy, and copies each complete one. The caller
 * has the lock of the token's directory, and no PKCS#11 module has the token open. It must be
 * called before each opening, and right after a change of a PIN: otherwise an old copy would
 * restore the old PIN.
 */
export function repairTokens(softhsmDirectory: string): void {
  const tokens = join(softhsmDirectory, 'tokens');
  for (const id of existsSync(tokens) ? readdirSync(tokens) : []) {
    const file = join(tokens, id, TOKEN_FILE);
    const copyFile = join(softhsmDirectory, COPIES_FOLDER, id);
    const content = readOrEmpty(file);
    const copy = readOrEmpty(copyFile);
    // The length of the file never changes, so that a shorter file is incomplete.
    if (content.length < copy.length) writeWhole(file, copy);
    else if (content.length > 0 && !equalBytes(content, copy)) writeWhole(copyFile, content);
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
    // Unlike `writeSync`, it fails if it cannot write everything.
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(part, file);
}
