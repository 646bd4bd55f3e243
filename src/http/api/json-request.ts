/** Reads and validates the bodies of routes of the kind `json`. */
import type { IncomingMessage } from 'node:http';
import type { Bytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { readBody } from '../server/body.js';
import type { ReadRequest } from './handler.js';
import { readIdempotencyKey } from './idempotency-key.js';
import { parseJson } from './json-body.js';
import type { HttpFailure } from './problems.js';
import type { JsonRoute } from './route.js';
import { mayBeEmpty } from './schemas/components.js';
import { validateBody } from './validate.js';

const BODY_DEADLINE_MS = 10_000;

/**
 * Reads and validates the body of a request, reads its idempotency key, and returns the request
 * with both. `claimant`: the owner of the idempotency key, which is the id of an account, or the
 * audit actor of a certificate that acts for itself.
 */
export async function readJsonRequest(
  route: JsonRoute,
  message: IncomingMessage,
  { claimant, ...request }: Pick<ReadRequest, 'params' | 'query'> & { readonly claimant: string },
): Promise<Result<ReadRequest, HttpFailure>> {
  const { headers } = message;
  if (route.body !== null && (headers['content-encoding'] ?? '') !== '') return err({ kind: 'content-encoded' });
  const raw = await readBody(message, { bytesMax: LIMITS.requestBodyBytesMax, deadlineMs: BODY_DEADLINE_MS });
  if (!raw.ok) return raw;
  const body = route.body === null ? ok(null) : parseBody(route.body, headers['content-type'] ?? '', raw.value);
  if (!body.ok) return body;
  const key = route.idempotent ? readIdempotencyKey(headers['idempotency-key']) : ok(null);
  if (!key.ok) return err({ kind: 'invalid-request', ...key.error });
  const claim = { account: claimant, route: claimRouteOf(route, request.params), key: key.value ?? '' };
  const idempotency = key.value === null ? null : { claim, bodySha256: sha256Hex(raw.value) };
  return ok({ ...request, body: body.value, idempotency });
}

function parseBody(component: NonNullable<JsonRoute['body']>, type: string, raw: Bytes): Result<unknown, HttpFailure> {
  if (raw.length === 0 && mayBeEmpty(component)) return ok({});
  if (!/^application\/json\s*(;|$)/i.test(type))
    return err({ kind: 'unsupported-media-type', type, expected: 'application/json' });
  const json = parseJson(raw, 'body');
  return json.ok ? validateBody(component, json.value) : json;
}

/**
 * Returns the route of an idempotency claim: the method, and the path with its parameters encoded
 * again, so that `%2F` and `%2f` are the same claim.
 */
function claimRouteOf({ method, path }: JsonRoute, params: ReadRequest['params']): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  return `${method.toUpperCase()} ${filled}`;
}
