/** Keys by which the service recognises a request that is sent again. */
import { randomUUID } from 'node:crypto';
import type { Middleware } from 'openapi-fetch';
import { IDEMPOTENT_PATHS } from './generated.js';

const HEADER = 'idempotency-key';
const HONOURED: ReadonlySet<string> = new Set(IDEMPOTENT_PATHS);

/** Adds a random key to each POST on a path that supports one, unless the caller has set it. */
export const idempotencyKeys: Middleware = {
  onRequest({ request, schemaPath }) {
    if (request.method !== 'POST' || !HONOURED.has(schemaPath) || request.headers.has(HEADER)) return undefined;
    request.headers.set(HEADER, randomUUID());
    return request;
  },
};

/** Whether a request may be sent again although the first one may have been executed. */
export function isRepeatable(method: string, headers: Headers): boolean {
  return method === 'GET' || headers.has(HEADER);
}
