/**
 * A request that came whole, in one piece, and says nothing but what most relying parties say: read without the HTTP parser. Anything
 * else, well-formed or not, is null, and node:http reads it. What is read here means the same there (RFC 9112), which a test holds
 * against it on requests of every kind.
 */
export type FastLaneRequest = {
  readonly method: 'GET' | 'POST';
  /** In origin form, without a query. */
  readonly target: string;
  /** Of the body, which is the rest of the piece; 0 of a GET. */
  readonly bodyBytes: number;
  readonly contentType: string | null;
  readonly ifNoneMatch: string | null;
};

export type FastLaneReader = (piece: Buffer) => { readonly request: FastLaneRequest; readonly body: Buffer } | null;

/** Clients say the same again and again: heads that were read are known by their octets. All are forgotten when they are too many. */
const KNOWN_MAX = 20_000;
/** RFC 9919 5 has requests of more than 255 octets posted. What is longer is read each time, up to the second limit. */
const KNOWN_CHARACTERS_MAX = 1_024;
const HEAD_CHARACTERS_MAX = 8_192;
const END_OF_HEAD = '\r\n\r\n';

export function createFastLaneReader(): FastLaneReader {
  const known = new Map<string, FastLaneRequest>();
  return (piece) => {
    const end = piece.indexOf(END_OF_HEAD, 0, 'latin1');
    if (end < 0 || end > HEAD_CHARACTERS_MAX) return null;
    const head = piece.toString('latin1', 0, end);
    const before = known.get(head);
    const request = before ?? readHead(head);
    const bodyFrom = end + END_OF_HEAD.length;
    if (request === null || piece.length - bodyFrom !== request.bodyBytes) return null;
    if (before === undefined && head.length <= KNOWN_CHARACTERS_MAX) {
      if (known.size >= KNOWN_MAX) known.clear();
      known.set(head, request);
    }
    return { request, body: piece.subarray(bodyFrom) };
  };
}

/** RFC 9112 3: no white space but one space, and visible ASCII alone. */
const REQUEST_LINE = /^(GET|POST) (\/[!-~]*) HTTP\/1\.1$/;
/** RFC 9110 5.1: a token, and the colon right behind it. */
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const FIELD_VALUE = /^[\t -~]*$/;
const DECIMAL = /^[1-9][0-9]{0,5}$/;

/** What changes how a message is framed, whether it may be answered, or what of the resource is meant. */
const LEFT_TO_NODE: ReadonlySet<string> = new Set([
  ...['transfer-encoding', 'trailer', 'te', 'upgrade', 'expect', 'keep-alive', 'proxy-connection', 'http2-settings'],
  ...['if-match', 'if-modified-since', 'if-unmodified-since', 'if-range', 'range', 'content-encoding'],
]);
/** Once each. */
const READ: ReadonlySet<string> = new Set(['host', 'connection', 'content-length', 'content-type', 'if-none-match']);

function readHead(head: string): FastLaneRequest | null {
  const [first = '', ...lines] = head.split('\r\n');
  const line = REQUEST_LINE.exec(first);
  const fields = readFields(lines);
  if (line === null || fields === null) return null;
  const [, method, target = ''] = line;
  if (target.includes('?') || target.includes('#')) return null;
  if (!fields.has('host') || (fields.get('connection') ?? 'keep-alive').toLowerCase() !== 'keep-alive') return null;
  const length = fields.get('content-length');
  const rest = {
    target,
    contentType: fields.get('content-type') ?? null,
    ifNoneMatch: fields.get('if-none-match') ?? null,
  };
  if (method === 'GET') return length === undefined ? { method, bodyBytes: 0, ...rest } : null;
  if (method !== 'POST' || length === undefined || !DECIMAL.test(length)) return null;
  return { method, bodyBytes: Number(length), ...rest };
}

/** Of the fields that matter here; null: one that does not belong here. */
function readFields(lines: readonly string[]): ReadonlyMap<string, string> | null {
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    const value = line.slice(colon + 1);
    if (!FIELD_NAME.test(name) || !FIELD_VALUE.test(value) || LEFT_TO_NODE.has(name) || fields.has(name)) return null;
    // Of blanks and tabs, as there is no other white space in it.
    if (READ.has(name)) fields.set(name, value.trim());
  }
  return fields;
}
