/** What a row of the table of routes says. */
import type { SelfAction } from '../../access/principal.js';
import type { Action } from '../../access/roles.js';
import type { Json } from '../../kernel/json.js';
import type { RoutePath } from './document/tags.js';
import type { Handler, PrincipalHandler, StreamHandler } from './handler.js';
import type { FailureKind } from './problems.js';
import type { ComponentName, RequestComponent } from './schemas/components.js';
import type { QueryName } from './schemas/queries.js';

type AnyRoute = {
  readonly method: 'get' | 'post' | 'delete';
  readonly path: RoutePath;
  readonly operationId: string;
  readonly summary: string;
  /** What a client should know beyond the summary. */
  readonly description?: string;
  /**
   * A role of the account must permit this action; otherwise the request is rejected before it is
   * read.
   */
  readonly action: Action;
  readonly query: QueryName | null;
  /** `lines`: any number of the component, as NDJSON. */
  readonly success: {
    readonly status: 200 | 201 | 202;
    readonly component: ComponentName;
    readonly lines?: true;
    /** The parameter `as=csv` gives the same as a table (RFC 4180). */
    readonly csv?: true;
    /** The status of an answer of the class `Repeated`: nothing new was made. */
    readonly repeated?: 200;
  };
  /** Failures of the handler, in addition to those of every route of its kind (`openapi.ts`). */
  readonly failures: readonly FailureKind[];
  /** A request that is sent twice under one Idempotency-Key is executed once. */
  readonly idempotent?: true;
};

/** The body is one JSON document or none, read and validated before the handler is called. */
export type JsonRoute = AnyRoute & {
  readonly kind: 'json';
  readonly body: RequestComponent | null;
  /** Makes Cache-Control from the answer; without it, answers are not stored. */
  readonly cacheControl?: (answer: Json) => string;
} & (AccountRoute | PrincipalRoute);

/** Only accounts may call it. */
type AccountRoute = { readonly self?: never; readonly relayed?: never; readonly handler: Handler };

type PrincipalRoute = {
  /** The action that a certificate without an account needs to call it for itself. */
  readonly self: SelfAction;
  /**
   * An account whose roles permit this instead of `action` may call it with the proof of a card.
   * The handler demands the proof.
   */
  readonly relayed?: Action;
  readonly handler: PrincipalHandler;
};

/** The handler reads the body itself: any number of lines (NDJSON), each of the component. */
export type StreamRoute = AnyRoute & {
  readonly kind: 'stream';
  readonly body: RequestComponent;
  readonly handler: StreamHandler;
};

export type Route = JsonRoute | StreamRoute;
