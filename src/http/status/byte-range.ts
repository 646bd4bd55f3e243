/**
 * Parses a header with one byte range (RFC 9110 14). A server may ignore the header; this one
 * ignores several ranges and other units.
 */

/** Both positions are inclusive, as in the header. */
type ByteRange = { readonly from: number; readonly to: number };

/** `whole`: the header is ignored. */
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
