/** Reads a streamed body of NDJSON in small groups of lines. */
import { err, ok, type Result } from '../../../kernel/result.js';
import { createLineSplitter, LINE_BYTES_MAX, type UploadLine } from '../../../orders/split-lines.js';
import { type Violation, violation } from '../../../texts/text.js';
import type { BodyFailure } from '../../server/body.js';
import type { ReadBody } from '../../server/stream-body.js';
import { parseJson } from '../json-body.js';
import type { RequestComponent } from '../schemas/components.js';
import { validateBody } from '../validate.js';

/** Ends after the first failure. No group is empty or longer than `linesMax`. */
export async function* readLineGroups(
  read: ReadBody,
  linesMax: number,
): AsyncGenerator<Result<readonly UploadLine[], BodyFailure>, void> {
  const splitter = createLineSplitter();
  for (;;) {
    const chunk = await read();
    if (!chunk.ok) return yield chunk;
    const last = chunk.value === null ? splitter.end() : null;
    const lines = chunk.value === null ? (last === null ? [] : [last]) : splitter.push(chunk.value);
    for (let from = 0; from < lines.length; from += linesMax) yield ok(lines.slice(from, from + linesMax));
    if (chunk.value === null) return;
  }
}

/** The document of a line, if it is valid by its schema. */
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
