/** The type of a row of the table of routes. */
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
   * A role of the account must permit this action; otherwise the request is refused before its body
   * is read.
   */
  readonly action: Action;
  readonly query: QueryName | null;
  /**
   * The response to a successful request. `lines`: the response is NDJSON, with any number of
   * documents of the component.
   */
  readonly success: {
    readonly status: 200 | 201 | 202;
    readonly component: ComponentName;
    readonly lines?: true;
    /** With the parameter `as=csv`, the response is a CSV table (RFC 4180) instead. */
    readonly csv?: true;
    /** The status of an answer of the class `RepeatedAnswer`, which has created nothing new. */
    readonly repeated?: 200;
  };
  /** Failures of the handler, in addition to those of every route (`openapi.ts`). */
  readonly failures: readonly FailureKind[];
  /**
   * The route takes an Idempotency-Key: a request that is sent twice with one key is executed once.
   */
  readonly idempotent?: true;
};

/**
 * A route whose body is one JSON document or none, which is read and validated before the handler
 * is called.
 */
export type JsonRoute = AnyRoute & {
  readonly kind: 'json';
  readonly body: RequestComponent | null;
  /** Makes Cache-Control from the answer; left out: answers are not cached. */
  readonly cacheControl?: (answer: Json) => string;
} & (AccountRoute | PrincipalRoute);

/** A route that only accounts may call. */
type AccountRoute = { readonly self?: never; readonly relayed?: never; readonly handler: Handler };

/** A route that a certificate without an account may also call for itself. */
type PrincipalRoute = {
  /** The action that the profile of such a certificate must list. */
  readonly self: SelfAction;
  /**
   * An account whose roles permit this action instead of `action` may call the route too. To
   * revoke, it must then send a proof that a card has signed, which the handler requires.
   */
  readonly relayed?: Action;
  readonly handler: PrincipalHandler;
};

/**
 * A route whose handler reads the body itself: NDJSON, any number of lines, each a document of the
 * component.
 */
export type StreamRoute = AnyRoute & {
  readonly kind: 'stream';
  readonly body: RequestComponent;
  readonly handler: StreamHandler;
};

export type Route = JsonRoute | StreamRoute;
