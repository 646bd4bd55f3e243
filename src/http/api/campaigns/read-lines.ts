/** Reads a streamed NDJSON body in small groups of lines. */
import { createSha256 } from '../../../kernel/digest.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import { createLineSplitter, digestFault, LINE_BYTES_MAX, type UploadLine } from '../../../orders/upload.js';
import { type Violation, violation } from '../../../texts/text.js';
import type { BodyFailure } from '../../server/body.js';
import type { ReadNextBytes } from '../../server/stream-body.js';
import { parseJson } from '../json-body.js';
import type { RequestComponent } from '../schemas/components.js';
import { validateBody } from '../validate.js';

/**
 * `contentSha256`: the SHA-256 in hex that the client has announced for the whole body; null: it
 * has announced none.
 */
export type LineUpload = { readonly read: ReadNextBytes; readonly contentSha256: string | null };

type LineUploadFailure = BodyFailure | ({ readonly kind: 'invalid-request' } & Violation);

/**
 * Yields groups of 1 to `linesMax` lines and ends after the first failure. The digest of the body
 * can only be compared after its last byte. All lines that end with LF have been yielded by then.
 */
export async function* readLineGroups(
  { read, contentSha256 }: LineUpload,
  linesMax: number,
): AsyncGenerator<Result<readonly UploadLine[], LineUploadFailure>, void> {
  const splitter = createLineSplitter();
  const digest = createSha256();
  for (;;) {
    const chunk = await read();
    if (!chunk.ok) return yield chunk;
    if (chunk.value !== null) digest.update(chunk.value);
    else {
      const fault = digestFault(contentSha256, digest.digest());
      if (fault !== null) return yield err({ kind: 'invalid-request', ...fault });
    }
    const last = chunk.value === null ? splitter.end() : null;
    const lines = chunk.value === null ? (last === null ? [] : [last]) : splitter.push(chunk.value);
    for (let from = 0; from < lines.length; from += linesMax) yield ok(lines.slice(from, from + linesMax));
    if (chunk.value === null) return;
  }
}

/** Parses and validates a line. Fails with its violations. */
export function readLine<Value>(
  component: RequestComponent,
  { kind, octets }: UploadLine,
): Result<Value, readonly Violation[]> {
  if (kind === 'cut') return err([violation('', 'line-bytes', { max: LINE_BYTES_MAX })]);
  const json = parseJson(octets, 'line');
  const read = json.ok ? validateBody<Value>(component, json.value) : json;
  if (read.ok) return read;
  return err('violations' in read.error ? read.error.violations : []);
}
