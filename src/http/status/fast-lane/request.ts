/**
 * Reads an HTTP request without the HTTP parser of Node, if the whole request has arrived in one
 * chunk and contains only what most relying parties send. For anything else, valid or not, the
 * result is null and node:http reads the request. A request that is read here must mean the same to
 * node:http (RFC 9112); a test compares both on requests of every kind.
 */

/** A request that the fast lane has read. */
export type FastLaneRequest = {
  readonly method: 'GET' | 'POST';
  /** The request target in origin form (RFC 9112 3.2.1), without a query. */
  readonly target: string;
  /** Length of the body, which is the rest of the chunk after the head; 0 for a GET. */
  readonly bodyBytes: number;
  readonly contentType: string | null;
  readonly ifNoneMatch: string | null;
};

export type FastLaneReader = (chunk: Buffer) => { readonly request: FastLaneRequest; readonly body: Buffer } | null;

/**
 * Limit of the number of parsed heads that are cached, because clients often repeat the same head.
 * A full cache is cleared.
 */
const CACHED_HEADS_MAX = 20_000;
/**
 * Longer heads are not cached, to limit the memory of the cache. They are rare: RFC 9919 6 asks
 * clients to use POST for requests of more than 255 bytes.
 */
const CACHED_HEAD_CHARACTERS_MAX = 1_024;
const HEAD_CHARACTERS_MAX = 8_192;
const END_OF_HEAD = '\r\n\r\n';

export function createFastLaneReader(): FastLaneReader {
  const cache = new Map<string, FastLaneRequest>();
  return (chunk) => {
    const end = chunk.indexOf(END_OF_HEAD, 0, 'latin1');
    if (end < 0 || end > HEAD_CHARACTERS_MAX) return null;
    const head = chunk.toString('latin1', 0, end);
    const cached = cache.get(head);
    const request = cached ?? readHead(head);
    const bodyFrom = end + END_OF_HEAD.length;
    if (request === null || chunk.length - bodyFrom !== request.bodyBytes) return null;
    if (cached === undefined && head.length <= CACHED_HEAD_CHARACTERS_MAX) {
      if (cache.size >= CACHED_HEADS_MAX) cache.clear();
      cache.set(head, request);
    }
    return { request, body: chunk.subarray(bodyFrom) };
  };
}

/** A request line has single spaces as separators and visible ASCII only (RFC 9112 3). */
const REQUEST_LINE = /^(GET|POST) (\/[!-~]*) HTTP\/1\.1$/;
/** A field name is a token (RFC 9110 5.6.2), and the colon follows it directly. */
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const FIELD_VALUE = /^[\t -~]*$/;
/**
 * Values of the fields that are used here may contain no tab, because the parser of Node rejects a
 * tab in some of them.
 */
const VALUE_READ_HERE = /^[ -~]*$/;
const DECIMAL = /^[1-9][0-9]{0,5}$/;

/**
 * Fields that only node:http handles: they change the framing, whether the request may be answered,
 * or which representation is requested.
 */
const LEFT_TO_NODE: ReadonlySet<string> = new Set([
  'transfer-encoding',
  'trailer',
  'te',
  'upgrade',
  'expect',
  'keep-alive',
  'proxy-connection',
  'http2-settings',
  'if-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
  'range',
  'content-encoding',
]);
/**
 * Fields that the fast lane uses. If one of them is repeated, node:http reads the request. Fields
 * that are neither here nor in `LEFT_TO_NODE` are ignored.
 */
const READ_HERE: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'content-type',
  'if-none-match',
]);

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

/**
 * Returns the fields that the fast lane uses, by lower-case name; null: node:http must read the
 * request.
 */
function readFields(lines: readonly string[]): ReadonlyMap<string, string> | null {
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    const value = line.slice(colon + 1);
    if (!FIELD_NAME.test(name) || !FIELD_VALUE.test(value) || LEFT_TO_NODE.has(name) || fields.has(name)) return null;
    if (!READ_HERE.has(name)) continue;
    if (!VALUE_READ_HERE.test(value)) return null;
    // The value contains no other white space than spaces, so trim() removes exactly the optional
    // white space of RFC 9110 5.6.3.
    fields.set(name, value.trim());
  }
  return fields;
}
