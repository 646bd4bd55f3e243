/** The types of handlers: what they get (the context and a request), and what they answer. */
import type { CertifiedPrincipal } from '../../access/principal.js';
import type { Language } from '../../kernel/bilingual.js';
import type { Json } from '../../kernel/json.js';
import type { Result } from '../../kernel/result.js';
import type { OperationFailure } from '../../operations/failures.js';
import type { ServingContext } from '../../operations/serving.js';
import type { Account } from '../../ports/store/accounts.js';
import type { IdempotencyClaim } from '../../ports/store/idempotency.js';
import type { ReadNextBytes, StreamLimits } from '../server/stream-body.js';
import type { HttpFailure } from './problems.js';

export type ApiContext = ServingContext & {
  /**
   * SHA-256 hex of the public keys of the API server. A mass revocation that would revoke a
   * certificate on one of these keys must name this part of the platform.
   */
  readonly serverKeys: readonly string[];
  /** Counts acknowledgements of cards, by their results. */
  readonly countAcknowledgements: (results: Readonly<Record<string, number>>) => void;
  /**
   * Records in metrics, by the middleware of the client, how many milliseconds after the offer of
   * its certificates an update was confirmed.
   */
  readonly observeConfirmation: (middleware: string, ms: number) => void;
};

/** The members of the requests of all routes. */
type AnyRequest = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
};

/** A request whose body has been read and validated. */
export type ReadRequest = AnyRequest & {
  readonly body: unknown;
  /**
   * The idempotency claim of the request; null: the client has sent no key, or the route takes
   * none.
   */
  readonly idempotency: { readonly claim: IdempotencyClaim; readonly bodySha256: string } | null;
};

/** A request of an account. */
export type ApiRequest = ReadRequest & { readonly account: Account };

/** A request of an account, or of a certificate that acts for itself. */
export type PrincipalRequest = ReadRequest & { readonly principal: CertifiedPrincipal };

/** A request whose body the handler reads itself. */
export type StreamRequest = AnyRequest & {
  readonly account: Account;
  /** The language of the violations that the answer reports for lines of the body. */
  readonly language: Language;
  /** null: the client has sent no key. */
  readonly idempotencyKey: string | null;
  /** SHA-256 hex of the body, as the client announces it (RFC 9530); null: it announces none. */
  readonly contentSha256: string | null;
  /**
   * Returns the function that reads the body. If the handler does not call `openBody`, the body is
   * not read.
   */
  readonly openBody: (limits: StreamLimits) => ReadNextBytes;
};

/**
 * The answer to a repeated request, which has created nothing new. It gets the status `repeated` of
 * the route.
 */
export class RepeatedAnswer {
  readonly answer: Json;
  constructor(answer: Json) {
    this.answer = answer;
  }
}

/** A streamed CSV table (RFC 4180). Each text is one line without its line end. */
export class CsvLines {
  readonly lines: AsyncIterable<string>;
  constructor(lines: AsyncIterable<string>) {
    this.lines = lines;
  }
}

/**
 * A streamed NDJSON response. A value that is not a text is one JSON document, for one line; a text
 * is one or more serialized lines.
 */
export type JsonLines = AsyncIterable<Json>;

/** What a handler of a route of the kind `json` answers. */
export type HandlerAnswer = Json | JsonLines | CsvLines | RepeatedAnswer;
type HandlerOutcome = Promise<Result<HandlerAnswer, OperationFailure>>;
export type Handler = (context: ApiContext, request: ApiRequest) => HandlerOutcome;
export type PrincipalHandler = (context: ApiContext, request: PrincipalRequest) => HandlerOutcome;

/** A handler that reads the body itself. It may already answer with lines while it still reads. */
export type StreamHandler = (
  context: ApiContext,
  request: StreamRequest,
) => Promise<Result<Json | JsonLines, HttpFailure>>;
