/**
 * Reads forms with a file (multipart/form-data, RFC 7578). The fields before the file are read
 * first, so that they can be checked before the first byte of the file; the file is then passed on
 * as it arrives.
 */
import { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import type { ReadFile } from '../../console/fields.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { violation } from '../../texts/text.js';
import type { HttpFailure } from '../api/problems.js';
import type { BodyFailure } from '../server/body.js';
import type { ReadNextBytes } from '../server/stream-body.js';

export type Upload = {
  /** The fields before the file, by name. The last value of a repeated field counts. */
  readonly fields: Readonly<Record<string, string>>;
  /** null: the form has no file. */
  readonly file: { readonly field: string; readonly filename: string; readonly read: ReadFile } | null;
  /** Stops reading. The rest of the body stays unread. */
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

/** The exception inside the streams when the body cannot be read to its end. */
class BrokenBody extends Error {
  readonly failure: BodyFailure;
  constructor(failure: BodyFailure) {
    super(failure.kind);
    this.failure = failure;
  }
}

/**
 * Reads the fields of a form. Resolves when the file begins, or at the end of a form without a
 * file. `type`: the Content-Type of the request.
 */
export async function readUpload(type: string, read: ReadNextBytes): Promise<Result<Upload, HttpFailure>> {
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

/** Makes the parser; null: the media type names no boundary. */
function parserOf(type: string) {
  try {
    return new Busboy({ headers: { 'content-type': type }, limits: LIMITS });
  } catch {
    return null;
  }
}

async function* octetsOf(read: ReadNextBytes): AsyncGenerator<Uint8Array> {
  for (;;) {
    const next = await read();
    if (!next.ok) throw new BrokenBody(next.error);
    if (next.value === null) return;
    yield next.value;
  }
}

/**
 * Returns the next bytes of the file; null: it has ended. A file that breaks off inside the form
 * counts as a client that has left.
 */
async function nextOf(octets: AsyncIterator<Buffer>): ReturnType<ReadFile> {
  try {
    const next = await octets.next();
    return ok(next.done === true ? null : next.value);
  } catch (error) {
    return err(error instanceof BrokenBody ? error.failure : { kind: 'body-too-slow' });
  }
}
