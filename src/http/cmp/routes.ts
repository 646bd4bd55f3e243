/**
 * CMP over HTTP (RFC 9811, RFC 9483 6.1): the paths, and what is answered before a message was
 * read. Everything else is answered by a PKIMessage. No client certificate is needed or read,
 * because messages protect themselves.
 */
import type Router from '@koa/router';
import { networkOf } from '../../access/networks.js';
import type { Principal } from '../../access/principal.js';
import { isOperationLabel, OPERATION_LABELS } from '../../cmp/labels.js';
import { labelOf } from '../../est/label.js';
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
import { worldOfRequest } from '../trail/request-world.js';
import { sendWords } from '../trail/words.js';
import type { CmpConnections } from './connections.js';
import { CMP_PATHS, CMP_TYPE } from './paths.js';

/** What the routes of both ports share. */
export type CmpServing = Pick<ExchangeParts, 'trail' | 'metrics'> & {
  readonly world: World;
  /** Messages that are worked on at once, on both ports together. */
  readonly admission: Admission;
  readonly connections: CmpConnections;
};

const BODY = { bytesMax: LIMITS.cmpMessageBytesMax, deadlineMs: 10 * SECOND_MS } as const;

/**
 * Each message takes a place in the queues of the database and the signers. One address may have
 * 192 of the 256 places, so that others get some.
 */
export const CMP_ADMISSION = { placesMax: 256, reserved: 0, perAccountMax: 192 };

export function mountCmp(router: Router<RequestState>, parts: CmpServing): void {
  for (const path of CMP_PATHS)
    router.post(path.replace(/\{(\w+)\}/g, ':$1'), async (ctx) => {
      ctx.state.route = { method: 'post', path };
      const answered = await answer(parts, ctx);
      if (!answered.ok) await sendWords(parts, ctx, { failure: answered.error });
      else await sendReply(parts, ctx, answered.value);
    });
}

async function answer(parts: CmpServing, ctx: RoutedExchange): Promise<Result<CmpReply, HttpFailure>> {
  const world = worldOfRequest(parts.world, ctx.state.requestId);
  const octets = await readMessage(ctx);
  if (!octets.ok) return octets;
  const address = addressOf(ctx.req) ?? '';
  const place = parts.admission.enter({ account: networkOf(address), isUrgent: false });
  if (typeof place !== 'function') return err(place);
  const path = readPath(world, ctx.params);
  const verified = (sender: Principal): void => {
    world.interactive.note();
    // Requests of accounts are always logged.
    if (sender.kind === 'account') ctx.state.accountId = sender.account.id;
  };
  const later: Promise<unknown>[] = [];
  const goesOn = (work: Promise<unknown>): void => void later.push(work);
  try {
    if (!path.ok) {
      const refused = await refusePath(world, octets.value, path.error.message.en);
      return refused === null ? path : ok(refused);
    }
    return ok(await receive(world, octets.value, { path: path.value, address, verified, goesOn }));
  } finally {
    if (later.length === 0) place();
    else void Promise.allSettled(later).then(place);
  }
}

/** The profiles of a path are those that CMP may enrol and whose CA issues now. */
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
    return err({ kind: 'unsupported-media-type', type: type.slice(0, 100), expected: CMP_TYPE });
  if (encoding !== undefined) return err({ kind: 'content-encoded' });
  return readBody(req, BODY);
}

/** What the audit log has of octets from which no header can be read. */
const UNREADABLE: HttpFailure = { kind: 'body-malformed', violations: [violation('', 'cmp-header')] };

async function sendReply(parts: CmpServing, ctx: RoutedExchange, reply: CmpReply): Promise<void> {
  ctx.set('Cache-Control', 'no-store');
  ctx.status = reply.status;
  if (reply.status === 200) {
    // The client may wait for longer than a connection is kept, and OpenSSL's client takes the end
    // of a connection for an error.
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
