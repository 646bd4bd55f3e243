/**
 * Reads forms with a file (multipart/form-data, RFC 7578). The fields before the file are read
 * first, so that the form is checked before any octet of the file; the file itself is handed on as
 * it arrives.
 */
import { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import type { ReadFile } from '../../console/fields.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { violation } from '../../texts/text.js';
import type { HttpFailure } from '../api/problems.js';
import type { BodyFailure } from '../server/body.js';
import type { ReadBody } from '../server/stream-body.js';

export type Upload = {
  /** The fields that stand before the file, each once. */
  readonly fields: Readonly<Record<string, string>>;
  /** null: the form has no file. */
  readonly file: { readonly field: string; readonly filename: string; readonly read: ReadFile } | null;
  /** Ends the reading. What was not read stays unread. */
  readonly close: () => void;
};

const LIMITS = {
  fieldNameSize: 100,
  fieldSize: 4 * 1024,
  fields: 20,
  files: 1,
  parts: 21,
  headerPairs: 20,
} as const;

export function isMultipart(type: string): boolean {
  return /^multipart\/form-data\s*;/i.test(type);
}

/** A body that broke off, as an exception inside of the streams. */
class BrokenBody extends Error {
  readonly failure: BodyFailure;
  constructor(failure: BodyFailure) {
    super(failure.kind);
    this.failure = failure;
  }
}

/** Returns when the file begins, or when the form ends without one. */
export async function readUpload(type: string, read: ReadBody): Promise<Result<Upload, HttpFailure>> {
  const malformed = err({ kind: 'invalid-request', ...violation('', 'form-multipart') } as const);
  const fields: Record<string, string> = {};
  const source = Readable.from(octetsOf(read), { objectMode: false });
  const parser = parserOf(type);
  if (parser === null) return malformed;
  const close = (): void => {
    source.destroy();
    parser.destroy();
  };
  const outcome = await new Promise<Result<Upload, HttpFailure>>((resolve) => {
    const fail = (error: unknown): void => resolve(error instanceof BrokenBody ? err(error.failure) : malformed);
    parser.on('field', (name, value, isNameCut, isValueCut) => {
      if (isNameCut || isValueCut) resolve(malformed);
      else if (!value.includes('\0')) fields[name] = value;
    });
    parser.on('file', (field, stream, filename) => {
      const octets = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
      // If the body breaks off, reading the file fails with the error of the source.
      source.once('error', (error) => stream.destroy(error));
      parser.once('error', (error: Error) => stream.destroy(error));
      resolve(ok({ fields, file: { field, filename: filename ?? '', read: () => nextOf(octets) }, close }));
    });
    parser.once('finish', () => resolve(ok({ fields, file: null, close })));
    for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const)
      parser.once(limit, () => resolve(malformed));
    parser.on('error', fail);
    source.on('error', (error) => {
      fail(error);
      parser.destroy();
    });
    source.pipe(parser);
  });
  if (!outcome.ok) close();
  return outcome;
}

/** null: the type names no boundary. */
function parserOf(type: string) {
  try {
    return new Busboy({ headers: { 'content-type': type }, limits: LIMITS });
  } catch {
    return null;
  }
}

async function* octetsOf(read: ReadBody): AsyncGenerator<Uint8Array> {
  for (;;) {
    const next = await read();
    if (!next.ok) throw new BrokenBody(next.error);
    if (next.value === null) return;
    yield next.value;
  }
}

/** A file that breaks off in the middle of the form is like a client that has left. */
async function nextOf(octets: AsyncIterator<Buffer>): ReturnType<ReadFile> {
  try {
    const next = await octets.next();
    return ok(next.done === true ? null : next.value);
  } catch (error) {
    return err(error instanceof BrokenBody ? error.failure : { kind: 'body-too-slow' });
  }
}
