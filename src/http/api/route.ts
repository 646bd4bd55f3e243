/** What a row of the table of routes says. */
import type { Action } from '../../access/roles.js';
import type { Handler } from './handler.js';
import type { FailureKind } from './problems.js';
import type { ComponentName } from './schemas/components.js';
import type { QueryName } from './schemas/queries.js';

export type Route = {
  readonly method: 'get' | 'post' | 'delete';
  /** OpenAPI form: `/v1/certificates/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  /** What a client should know beyond the summary. */
  readonly description?: string;
  /**
   * A role of the account must permit this action; otherwise the request is rejected before it is
   * read.
   */
  readonly action: Action;
  readonly body: ComponentName | null;
  readonly query: QueryName | null;
  /** `lines`: any number of the component, as NDJSON. */
  readonly success: { readonly status: 200 | 201 | 202; readonly component: ComponentName; readonly lines?: true };
  /** Failures of the handler, in addition to those of every route (`openapi.ts`). */
  readonly failures: readonly FailureKind[];
  readonly handler: Handler;
};
