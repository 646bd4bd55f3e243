/**
 * Parses a Range header field with one byte range (RFC 9110 14). RFC 9110 allows a server to ignore
 * the field; it is ignored here if it has several ranges or another unit.
 */

/** The positions of the first and the last byte, both inclusive, as in the header field. */
type ByteRange = { readonly from: number; readonly to: number };

/**
 * Returns the byte range that the header field requests. `whole`: the header field is ignored, and
 * the whole file is sent. `unsatisfiable`: status 416.
 */
export function byteRangeOf(header: string, sizeBytes: number): ByteRange | 'whole' | 'unsatisfiable' {
  const match = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i.exec(header);
  if (match === null) return 'whole';
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? 'unsatisfiable' : { from: sizeBytes - length, to: sizeBytes - 1 };
  }
  const from = Number(first);
  const to = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (last !== '' && Number(last) < from) return 'whole';
  return from >= sizeBytes ? 'unsatisfiable' : { from, to };
}
