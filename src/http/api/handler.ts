/** What a route calls: the handler, its request, and what it can use. */
import type { CertifiedPrincipal } from '../../access/principal.js';
import type { Language } from '../../kernel/bilingual.js';
import type { Json } from '../../kernel/json.js';
import type { Result } from '../../kernel/result.js';
import type { OperationFailure } from '../../operations/failures.js';
import type { ServingContext } from '../../operations/serving.js';
import type { Account } from '../../ports/store/accounts.js';
import type { IdempotencyClaim } from '../../ports/store/idempotency.js';
import type { ReadBody, StreamLimits } from '../server/stream-body.js';
import type { HttpFailure } from './problems.js';

export type ApiContext = ServingContext & {
  /** SHA-256 hex of the keys with which the API authenticates itself. */
  readonly serverKeys: readonly string[];
  /** Counts acknowledgements of cards, by their results. */
  readonly countAcknowledgements: (results: Readonly<Record<string, number>>) => void;
  /** Notes how long after its offer an update was confirmed, by its middleware. */
  readonly observeConfirmation: (middleware: string, ms: number) => void;
};

/** What the requests of all routes have. */
type AnyRequest = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
};

/** A request whose body has been read and validated. */
export type ReadRequest = AnyRequest & {
  readonly body: unknown;
  /** null: the client has sent no key, or the route takes none. */
  readonly idempotency: { readonly claim: IdempotencyClaim; readonly bodySha256: string } | null;
};

export type ApiRequest = ReadRequest & { readonly account: Account };

/** A request of an account, or of a certificate that acts for itself. */
export type PrincipalRequest = ReadRequest & { readonly principal: CertifiedPrincipal };

export type StreamRequest = AnyRequest & {
  readonly account: Account;
  /** The language of the faults that the answer reports for lines of the body. */
  readonly language: Language;
  /** null: the client has sent none. */
  readonly idempotencyKey: string | null;
  /** SHA-256 hex of the body, as the client states it (RFC 9530); null: it does not. */
  readonly contentSha256: string | null;
  /** Begins to read the body. A body that no handler opens is not read. */
  readonly openBody: (limits: StreamLimits) => ReadBody;
};

/** The answer to a request that has made nothing new, because it was sent before. */
export class Repeated {
  readonly answer: Json;
  constructor(answer: Json) {
    this.answer = answer;
  }
}

/** A streamed table (RFC 4180): each text is a line without its end. */
export class CsvLines {
  readonly lines: AsyncIterable<string>;
  constructor(lines: AsyncIterable<string>) {
    this.lines = lines;
  }
}

/** A streamed response, one JSON document per line (NDJSON). A text has one or more lines. */
export type JsonLines = AsyncIterable<Json>;

/** What a handler of a route of the kind `json` answers. */
export type HandlerAnswer = Json | JsonLines | CsvLines | Repeated;
type HandlerOutcome = Promise<Result<HandlerAnswer, OperationFailure>>;
export type Handler = (context: ApiContext, request: ApiRequest) => HandlerOutcome;
export type PrincipalHandler = (context: ApiContext, request: PrincipalRequest) => HandlerOutcome;

/** It may answer with lines while it still reads the body. */
export type StreamHandler = (
  context: ApiContext,
  request: StreamRequest,
) => Promise<Result<Json | JsonLines, HttpFailure>>;
