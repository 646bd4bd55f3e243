/**
 * Serves CMP over HTTP (RFC 9811, RFC 9483 6.1). The answer is a PKIMessage, also when a request is
 * refused, unless none can be made: the media type or the size is wrong, no CMP header can be read,
 * or the service is overloaded or cannot verify or protect messages now. Then the answer is an HTTP
 * error with plain text. No client certificate is required or read, because CMP messages carry
 * their own protection.
 */
import type Router from '@koa/router';
import { networkOf } from '../../access/networks.js';
import type { Principal } from '../../access/principal.js';
import { isOperationLabel, OPERATION_LABELS } from '../../cmp/labels.js';
import { labelOf } from '../../est/request.js';
import type { Bytes } from '../../kernel/bytes.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type CmpPath, type CmpReply, receive, refusePath } from '../../operations/cmp/receive.js';
import { notFound } from '../../operations/failures.js';
import type { World } from '../../operations/world.js';
import { violation } from '../../texts/text.js';
import type { HttpFailure } from '../api/problems.js';
import type { Admission } from '../server/admission.js';
import { readBody } from '../server/body.js';
import { addressOf } from '../server/client-of.js';
import { type ExchangeParts, type RequestState, type RoutedExchange, recordRefusal } from '../trail/exchange.js';
import { sendPlainTextFailure } from '../trail/plain-text-failure.js';
import { worldOfRequest } from '../trail/request-world.js';
import type { CmpConnections } from './connections.js';
import { CMP_PATHS, CMP_TYPE } from './paths.js';

/** What the CMP routes use. The CMP port and the API port share one value of this type. */
export type CmpServing = Pick<ExchangeParts, 'trail' | 'metrics'> & {
  readonly world: World;
  /** Limits how many messages are processed at once, on both ports together. */
  readonly admission: Admission;
  readonly connections: CmpConnections;
};

const BODY = { bytesMax: LIMITS.cmpMessageBytesMax, deadlineMs: 10 * SECOND_MS } as const;

/**
 * Limits of CMP messages in progress. Each one takes a place in the queues of the database and of
 * the signers. The messages of one client address can take 192 of the 256 places, so that one
 * address alone cannot keep the others out.
 */
export const CMP_ADMISSION = { placesMax: 256, reserved: 0, perAccountMax: 192 };

export function mountCmp(router: Router<RequestState>, parts: CmpServing): void {
  for (const path of CMP_PATHS)
    router.post(path.replace(/\{(\w+)\}/g, ':$1'), async (ctx) => {
      ctx.state.route = { method: 'post', path };
      const answered = await answer(parts, ctx);
      if (!answered.ok) await sendPlainTextFailure(parts, ctx, { failure: answered.error });
      else await sendReply(parts, ctx, answered.value);
    });
}

async function answer(parts: CmpServing, ctx: RoutedExchange): Promise<Result<CmpReply, HttpFailure>> {
  const world = worldOfRequest(parts.world, ctx.state.requestId);
  const octets = await readMessage(ctx);
  if (!octets.ok) return octets;
  const address = addressOf(ctx.req) ?? '';
  const network = networkOf(address);
  // A message takes its place only when it may be verified. Otherwise two networks whose messages
  // wait would have all places.
  const turn = await world.cmpParts.pace.turn(network);
  if (!turn.ok) return err({ kind: 'overloaded', retryAfterMs: turn.error });
  const place = parts.admission.enter({ account: network, isUrgent: false });
  if (typeof place !== 'function') return err(place);
  const path = readPath(world, ctx.params);
  const verified = (sender: Principal): void => {
    world.interactive.note();
    // Requests without an account only get a limited number of log lines
    // (`trail/request-trail.ts`).
    if (sender.kind === 'account') ctx.state.accountId = sender.account.id;
  };
  // Work that continues after the answer was sent. The place is released when this work has ended.
  const later: Promise<unknown>[] = [];
  const goesOn = (work: Promise<unknown>): void => void later.push(work);
  try {
    if (!path.ok) {
      world.cmpParts.pace.failed(network);
      const refused = await refusePath(world, octets.value, path.error.message.en);
      return refused === null ? path : ok(refused);
    }
    return ok(await receive(world, octets.value, { path: path.value, address, verified, goesOn }));
  } finally {
    if (later.length === 0) place();
    else void Promise.allSettled(later).then(place);
  }
}

/**
 * Reads the profile and the operation label from the path. A profile is known if CMP may enrol it
 * and its CA currently issues certificates; any other name is answered as not found.
 */
function readPath(
  { policy, issuers }: World,
  { profile: named, label }: RoutedExchange['params'],
): Result<CmpPath, Extract<HttpFailure, { readonly kind: 'not-found' }>> {
  if (label !== undefined && !isOperationLabel(label)) {
    const labels = Object.keys(OPERATION_LABELS);
    return err(notFound('no-cmp-label', { label: label.slice(0, 100), labels }));
  }
  const operation = label ?? null;
  if (named === undefined) return ok({ profile: null, label: operation });
  const open = [...policy.profiles.values()].filter(
    ({ enrolment, authority }) => enrolment !== null && enrolment.cmp !== 'none' && issuers.current(authority) !== null,
  );
  const profile = open.find(({ id }) => labelOf(id) === named);
  if (profile !== undefined) return ok({ profile: profile.id, label: operation });
  const profiles = open.map(({ id }) => labelOf(id));
  return err(notFound('no-cmp-profile', { profile: named.slice(0, 100), profiles }));
}

async function readMessage({ req }: RoutedExchange): Promise<Result<Bytes, HttpFailure>> {
  const { 'content-type': type = '', 'content-encoding': encoding } = req.headers;
  if (type.split(';', 1)[0]?.trim().toLowerCase() !== CMP_TYPE)
    return err({ kind: 'unsupported-media-type', type, expected: CMP_TYPE });
  if (encoding !== undefined) return err({ kind: 'content-encoded' });
  return readBody(req, BODY);
}

/** The failure that the audit log records when no CMP header can be read from the body. */
const UNREADABLE: HttpFailure = { kind: 'body-malformed', violations: [violation('', 'cmp-header')] };

async function sendReply(parts: CmpServing, ctx: RoutedExchange, reply: CmpReply): Promise<void> {
  ctx.set('Cache-Control', 'no-store');
  ctx.status = reply.status;
  if (reply.status === 200) {
    // The client was told to ask again later, perhaps after this server has closed the idle
    // connection. The client of OpenSSL reports a closed connection as an error, so the connection
    // ends now.
    if (reply.comesBackLater) ctx.set('Connection', 'close');
    ctx.set('Content-Type', CMP_TYPE);
    ctx.body = Buffer.from(reply.message);
    return;
  }
  if (reply.status === 400) await recordRefusal(parts, ctx, UNREADABLE);
  if (reply.retryAfter !== undefined) ctx.set('Retry-After', String(reply.retryAfter));
  ctx.set('Content-Type', 'text/plain; charset=utf-8');
  ctx.body = `${reply.text}\n`;
}
