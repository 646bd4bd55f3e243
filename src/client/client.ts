/**
 * A typed client of the REST API of PFCNG, with mutual TLS. Its types are those of `/openapi.json`
 * of the same version.
 *
 * ```ts
 * const pfcng = createPfcngClient({ url: 'https://127.0.0.1:8443', files });
 * const { certificate } = await pfcng.value(pfcng.api.POST('/v1/certificates', { body }));
 * ```
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import createClient, { type Client } from 'openapi-fetch';
import { type CredentialFiles, openConnections } from './connections.js';
import { failureOf, PfcngError } from './failure.js';
import { type components, PROBLEM_CODES, type paths } from './generated.js';
import { idempotencyKeys } from './idempotency.js';
import { linesOf, type PagePosition, pagesOf } from './lists.js';
import { type Sender, send } from './sending.js';

export type PfcngClientOptions = {
  /** `https://host:8443`, without a path. */
  readonly url: string;
  /** They are read again when they have changed. */
  readonly files: CredentialFiles;
  /** The language of `detail` and `violations[].message`. Default: English. */
  readonly language?: 'en' | 'fr';
  /** How long a call is repeated while the service asks for it or cannot be reached. */
  readonly deadlineMs?: number;
};

export type PfcngClient = {
  /**
   * One method for each HTTP method, with the path as its first argument: see openapi-fetch. The
   * answer has `data` or `error`.
   */
  readonly api: Client<paths>;
  /** The data of an answer; throws `PfcngError` if it has none. */
  readonly value: <Data>(answer: Promise<ApiAnswer<Data>>) => Promise<Data>;
  /** All pages of a list. `load` adds the position to its query. */
  readonly pages: typeof pagesOf;
  /** The lines of an answer in NDJSON, while they arrive. */
  readonly lines: <Path extends LinePath>(path: Path, ...params: Params<Path>) => AsyncGenerator<LineOf<Path>>;
  /** Submits an order from a file of NDJSON, which is streamed; a repeated call gets this order. */
  readonly submitOrder: (file: string, query?: OrderQuery) => Promise<components['schemas']['Order']>;
  readonly close: () => Promise<void>;
};

export type ApiAnswer<Data> = { readonly data?: Data; readonly error?: unknown; readonly response: Response };
export type { CredentialFiles, PagePosition };

type NdjsonOf<Operation> = Operation extends {
  responses: { 200: { content: { 'application/x-ndjson': infer Line } } };
}
  ? Line
  : never;
type GetOf<Path extends keyof paths> = paths[Path] extends { get: infer Operation } ? Operation : never;
/** The paths whose GET answers in NDJSON. */
export type LinePath = { [Path in keyof paths]: NdjsonOf<GetOf<Path>> extends never ? never : Path }[keyof paths];
export type LineOf<Path extends LinePath> = NdjsonOf<GetOf<Path>>;
type ParametersOf<Operation> = Operation extends { parameters: infer Parameters } ? Parameters : never;
type Params<Path extends LinePath> =
  Partial<ParametersOf<GetOf<Path>>> extends ParametersOf<GetOf<Path>>
    ? [params?: ParametersOf<GetOf<Path>>]
    : [params: ParametersOf<GetOf<Path>>];
type OrderQuery = NonNullable<paths['/v1/orders']['post']['parameters']['query']>;

const DEADLINE_MS = 60_000;

export function createPfcngClient(options: PfcngClientOptions): PfcngClient {
  const { url, files, language = 'en', deadlineMs = DEADLINE_MS } = options;
  const connections = openConnections(files);
  const sending: Sender = { connections, deadlineMs };
  const headers = { 'accept-language': language };
  const api = createClient<paths>({ baseUrl: url, headers, fetch: (request) => sendRequest(sending, request) });
  api.use(idempotencyKeys);
  return {
    api,
    value: dataOf,
    pages: pagesOf,
    async *lines<Path extends LinePath>(path: Path, ...[params]: Params<Path>) {
      // `LinePath` guarantees a GET; the types of openapi-fetch cannot infer this for a variable.
      const get = api.GET as unknown as (
        path: Path,
        init: object,
      ) => Promise<ApiAnswer<ReadableStream<Uint8Array> | null>>;
      const body = await dataOf(get(path, { params, parseAs: 'stream' }));
      if (body !== null) yield* linesOf<LineOf<Path>>(body);
    },
    submitOrder: (file, query = {}) => submitOrder({ sending, headers, url }, file, query),
    close: connections.close,
  };
}

/** The body is read once, so that it can be sent again. */
async function sendRequest(sending: Sender, request: Request): Promise<Response> {
  const { url, method, headers, signal } = request;
  const octets = request.body === null ? null : new Uint8Array(await request.arrayBuffer());
  return send(sending, { url, method, headers, signal, body: () => octets });
}

async function dataOf<Data>(answer: Promise<ApiAnswer<Data>>): Promise<Data> {
  const { data, error, response } = await answer;
  if (data !== undefined) return data;
  const text = typeof error === 'string' ? error : JSON.stringify(error ?? '');
  throw new PfcngError(failureOf(response.status, text, PROBLEM_CODES));
}

type Upload = { readonly sending: Sender; readonly headers: Readonly<Record<string, string>>; readonly url: string };

async function submitOrder({ sending, headers, url }: Upload, file: string, query: OrderQuery) {
  const hash = createHash('sha256');
  for await (const part of createReadStream(file)) hash.update(part);
  const digest = hash.digest();
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  const sent = new Headers({
    ...headers,
    'content-type': 'application/x-ndjson',
    'content-digest': `sha-256=:${digest.toString('base64')}:`,
    'idempotency-key': createHash('sha256').update(digest).update(search.toString()).digest('hex'),
  });
  const at = new URL(`/v1/orders?${search}`, url).href;
  const body = () => Readable.toWeb(createReadStream(file)) as never;
  const answer = await send(sending, { url: at, method: 'POST', headers: sent, body });
  const text = await answer.text();
  if (!answer.ok) throw new PfcngError(failureOf(answer.status, text, PROBLEM_CODES));
  const order: components['schemas']['Order'] = JSON.parse(text);
  return order;
}
