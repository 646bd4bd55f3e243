/** Reads files to be linted. What is longer than anything but a CRL is read as a stream. */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { unreadableText } from '../../config/regular-file.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { type Bytes, fromBase64, latin1 } from '../../kernel/bytes.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Item, itemsIn, KINDS, kindOfDer } from './file.js';

/** Only a single CRL may be longer, alone in its file. */
const WHOLE_BYTES_MAX = 8 * 1024 * 1024;
const HEAD_BYTES = 64 * 1024;
/** Factor by which base64 with line breaks is longer. */
const PEM_FACTOR = 1.4;
const BEGIN = '-----BEGIN X509 CRL-----';
/** The end marker without white space, which is removed before. */
const END = '-----ENDX509CRL-----';
/** A byte that makes any list invalid. */
const NO_LIST = new Uint8Array(1);

/** The error says what was expected, or why the file cannot be read. */
export function itemsOf(file: string): Result<readonly Item[], string> {
  try {
    const { size } = statSync(file);
    if (size <= WHOLE_BYTES_MAX) return itemsIn(new Uint8Array(readFileSync(file)));
    if (size > LIMITS.crlBytesMax * PEM_FACTOR) return err(`longer than ${LIMITS.crlBytesMax} bytes`);
    return longItem(file);
  } catch (error) {
    return err(inBothLanguages(unreadableText(error, LIMITS.crlBytesMax)));
  }
}

function longItem(file: string): Result<readonly Item[], string> {
  const bytes = headOf(file);
  if (kindOfDer(bytes) === 'crl') return ok([{ kind: 'crl', head: bytes, chunks: () => derChunks(file) }]);
  const text = Buffer.from(bytes).toString('latin1');
  const begins = text.indexOf(BEGIN);
  const body = begins === -1 ? '' : text.slice(begins + BEGIN.length).replace(/\s+/g, '');
  const head = fromBase64(body.slice(0, body.length - (body.length % 4)));
  if (head === null || kindOfDer(head) !== 'crl')
    return err(`longer than ${WHOLE_BYTES_MAX} bytes, and not one CRL alone where ${KINDS} was expected`);
  return ok([{ kind: 'crl', head, chunks: () => pemChunks(file, begins + BEGIN.length) }]);
}

function headOf(file: string): Bytes {
  const head = new Uint8Array(HEAD_BYTES);
  const handle = openSync(file, 'r');
  try {
    return head.slice(0, readSync(handle, head));
  } finally {
    closeSync(handle);
  }
}

/** Reads bytes from `start` into one buffer: each chunk is valid until the next one is read. */
function* readFrom(file: string, start: number): Generator<Bytes, void, undefined> {
  const buffer = new Uint8Array(HEAD_BYTES);
  const handle = openSync(file, 'r');
  try {
    for (let at = start; ; ) {
      const length = readSync(handle, buffer, { position: at });
      if (length === 0) return;
      at += length;
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(handle);
  }
}

async function* derChunks(file: string): AsyncGenerator<Bytes, void, undefined> {
  yield* readFrom(file, 0);
}

/**
 * Decodes the one block whose body begins at `start`. Anything after it, and invalid base64,
 * becomes a byte that the reader rejects.
 */
async function* pemChunks(file: string, start: number): AsyncGenerator<Bytes, void, undefined> {
  let left = '';
  for (const chunk of readFrom(file, start)) {
    left += latin1(chunk).replace(/\s+/g, '');
    const ends = left.indexOf('-');
    const isOver = ends !== -1 && left.length - ends >= END.length;
    const whole = isOver ? ends : (ends === -1 ? left.length : ends) & ~3;
    yield fromBase64(left.slice(0, whole)) ?? NO_LIST;
    left = left.slice(whole);
    if (isOver) break;
  }
  if (left !== END) yield NO_LIST;
}
