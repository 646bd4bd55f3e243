/** Prepares the requests of routes of the kind `stream`, whose handlers read the body. */
import type { IncomingMessage } from 'node:http';
import { err, ok, type Result } from '../../kernel/result.js';
import { streamBody } from '../server/stream-body.js';
import { readContentDigest } from './content-digest.js';
import type { StreamRequest } from './handler.js';
import { readIdempotencyKey } from './idempotency-key.js';
import type { HttpFailure } from './problems.js';

/**
 * Checks the header fields of a message, and adds what they say to `request`. The body stays
 * unread.
 */
export function openStreamRequest(
  message: IncomingMessage,
  request: Pick<StreamRequest, 'account' | 'language' | 'params' | 'query'>,
): Result<StreamRequest, HttpFailure> {
  const { headers } = message;
  const type = headers['content-type'] ?? '';
  if ((headers['content-encoding'] ?? '') !== '') return err({ kind: 'content-encoded' });
  if (!/^application\/x-ndjson\s*(;|$)/i.test(type))
    return err({ kind: 'unsupported-media-type', type, expected: 'application/x-ndjson' });
  const key = readIdempotencyKey(headers['idempotency-key']);
  if (!key.ok) return err({ kind: 'invalid-request', ...key.error });
  const digest = readContentDigest(String(headers['content-digest'] ?? ''));
  if (!digest.ok) return err({ kind: 'invalid-request', ...digest.error });
  return ok({
    ...request,
    idempotencyKey: key.value,
    contentSha256: digest.value,
    openBody: (limits) => streamBody(message, limits),
  });
}
