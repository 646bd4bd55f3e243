/**
 * The one entry of CMP: from the octets of a message to the octets of its answer. Routes call it,
 * whatever the port, and map its reply to HTTP. The steps run in this order:
 *
 *   decode    strict DER of the whole message (check A1)
 *   verify    the protection and the header (`src/cmp/checks`, A2 to C8)
 *   repeated  octets that were answered before are answered again, and change nothing
 *   serve     the body, in one transaction of the database for each decision (`dispatch.ts`)
 *   protect   the answer, as its request was protected; for most answers this has begun before the
 *             commit (`protect.ts`)
 *
 * The messages inside a nested one go through the same steps (`nested.ts`).
 */
import { networkOf } from '../../access/networks.js';
import { actorOf, type Principal } from '../../access/principal.js';
import { encodeBody } from '../../cmp/bodies.js';
import { certProfileOf } from '../../cmp/checks/transaction.js';
import {
  transactionProtectionOf,
  type VerifiedMessage,
  type VerifyFailure,
  verifyMessage,
} from '../../cmp/checks/verify-message.js';
import type { OperationLabel } from '../../cmp/labels.js';
import { decodeMessage } from '../../cmp/message.js';
import type { BodyKind, CmpFault, PkiHeader, PkiMessage } from '../../cmp/model.js';
import type { ProtectionUse } from '../../cmp/protection/signature.js';
import { errorFault } from '../../cmp/status-info.js';
import { type Bytes, toHex } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { World } from '../world.js';
import { errorAnswer, revocationRefusal } from './answers.js';
import { checkWorldOf, storedProtection } from './check-world.js';
import { answerAgain, serveBody } from './dispatch.js';
import { answeringProfile } from './enrol.js';
import type { CmpAnswer, CmpExchange, CmpOrigin } from './exchange.js';
import { beginBatch, nestingAccount, readNested, vouch } from './nested.js';
import { createExpectedAnswer, type ExpectedAnswer, protectAnswer } from './protect.js';

/** Where a message was sent to. null: the path names none. */
export type CmpPath = {
  /** Id of a profile that exists. */
  readonly profile: string | null;
  readonly label: OperationLabel | null;
};

export type CmpReply =
  /**
   * A PKIMessage, DER, whether it is a success or an error. `comesBackLater`: it tells the client
   * when to ask again.
   */
  | { readonly status: 200; readonly message: Bytes; readonly comesBackLater: boolean }
  /** Nothing in CMP can be answered. `retryAfter`: in seconds. */
  | { readonly status: 400 | 404 | 405 | 413 | 415 | 503; readonly text: string; readonly retryAfter?: number };

/** What belongs to one request beside its octets. */
type CmpRequest = CmpOrigin & {
  readonly path: CmpPath;
  /** Called with the sender once the protection of the message is verified. */
  readonly verified?: (sender: Principal) => void;
};

/** Never throws for anything that the octets contain. */
export async function receive(world: World, octets: Bytes, request: CmpRequest): Promise<CmpReply> {
  const network = networkOf(request.address);
  const decoded = decodeMessage(octets);
  if (!decoded.ok) {
    world.cmpParts.pace.failed(network);
    const { header, bodyKind } = decoded.error;
    if (header === null) return { status: 400, text: decoded.error.text.join(' ') };
    const authority = namedAuthority(world, header, request.path);
    return refuse(world, { header, bodyKind, fault: decoded.error, use: null, authority });
  }
  const verified = await verify(world, decoded.value, request);
  if (!verified.ok) {
    if (isFromAnybody(verified.error)) world.cmpParts.pace.failed(network);
    return notVerified(world, verified.error, request.path);
  }
  request.verified?.(verified.value.exchange.principal);
  return decoded.value.bodyKind === 'nested'
    ? answerNested(world, verified.value, request)
    : answerOne(world, verified.value);
}

/**
 * Answers a message to a path that does not exist, so that clients which show no text of HTTP show
 * this one. null: no header can be read.
 */
export async function refusePath(world: World, octets: Bytes, text: string): Promise<CmpReply | null> {
  const decoded = decodeMessage(octets);
  const { header, bodyKind } = decoded.ok ? decoded.value : decoded.error;
  if (header === null) return null;
  const fault = errorFault('badRequest', text);
  return refuse(world, { header, bodyKind, fault, use: null, authority: namedAuthority(world, header) });
}

/** A message whose protection and header are right. */
type VerifiedRequest = {
  readonly exchange: CmpExchange;
  readonly use: ProtectionUse;
  readonly isRepeated: boolean;
  readonly protect: ExpectedAnswer['protect'];
};

type NotVerified = Pick<PkiMessage, 'header' | 'bodyKind'> & { readonly failure: VerifyFailure };

/** Whether nothing shows that the message is from somebody who has a secret or a certificate. */
function isFromAnybody({ failure }: NotVerified): boolean {
  return failure.kind === 'refused' ? failure.protection === null : failure.kind === 'overloaded';
}

async function verify(
  world: World,
  message: PkiMessage,
  { path, address, goesOn }: CmpRequest,
): Promise<Result<VerifiedRequest, NotVerified>> {
  const verified = await verifyMessage(checkWorldOf(world), { message, path, address });
  if (!verified.ok) return err({ ...message, failure: verified.error });
  const { protection: use, repeats } = verified.value;
  const { header } = message;
  const { expect, protect } = createExpectedAnswer((answer) => protectAnswer(world, { header, answer, use }));
  const exchange = exchangeOf(world, message, { ...verified.value, origin: { address, goesOn }, expect });
  return ok({ exchange, use, isRepeated: repeats !== null, protect });
}

const NONCE_OCTETS = 16;

function exchangeOf(
  world: World,
  message: PkiMessage,
  verified: VerifiedMessage & Pick<CmpExchange, 'origin' | 'expect'>,
): CmpExchange {
  return {
    message,
    transactionId: toHex(message.header.transactionID ?? new Uint8Array()),
    principal: verified.principal,
    isKnown: verified.transaction !== null,
    open: verified.open,
    profile: verified.profile,
    protection: storedProtection(transactionProtectionOf(verified.protection)),
    usesMac: verified.protection.kind === 'mac',
    vouchedBy: null,
    senderNonce: world.random(NONCE_OCTETS),
    sha256: sha256Hex(message.octets),
    now: world.clock(),
    origin: verified.origin,
    expect: verified.expect,
  };
}

async function answerOne(world: World, { exchange, use, isRepeated, protect }: VerifiedRequest): Promise<CmpReply> {
  const answered = isRepeated ? await answerAgain(world, exchange) : await serveBody(world, exchange);
  const { header, bodyKind } = exchange.message;
  if (!answered.ok) {
    const authority = chosenAuthority(world, exchange);
    return refuse(world, { header, bodyKind, fault: faultOf(answered.error), use, authority });
  }
  const answer = answered.value;
  world.cmpParts.answered(bodyKind, answer.failInfo);
  return replyWith(await protect(answer), answer);
}

async function answerNested(world: World, outer: VerifiedRequest, request: CmpRequest): Promise<CmpReply> {
  const { header, bodyKind } = outer.exchange.message;
  const authority = chosenAuthority(world, outer.exchange);
  const refused = (failure: CmpFault | StoreFailure) =>
    refuse(world, { header, bodyKind, fault: faultOf(failure), use: outer.use, authority });
  const account = nestingAccount(outer.exchange);
  if (!account.ok) return refused(account.error);
  const nested = readNested(outer.exchange.message);
  if (!nested.ok) return refused(nested.error);
  const messages = nested.value.kind === 'added' ? [nested.value.message] : nested.value.messages;
  const inner: VerifiedRequest[] = [];
  for (const message of messages) {
    // The label is that of the outer message.
    const path = { profile: request.path.profile, label: null };
    const verified = await verify(world, message, { ...request, path });
    if (verified.ok) inner.push(verified.value);
    else if (nested.value.kind === 'added' || verified.error.failure.kind !== 'refused')
      return notVerified(world, verified.error, path);
    else return refused(verified.error.failure.fault);
  }
  const [only] = inner;
  if (nested.value.kind === 'batch' || only === undefined) return answerBatch(world, outer, inner);
  const vouched = await vouch(world, account.value, { ...only.exchange, isRepeated: only.isRepeated });
  if (!vouched.ok) return refused(vouched.error);
  return answerOne(world, { ...only, exchange: { ...only.exchange, vouchedBy: account.value.id } });
}

/** A repeated batch repeats its messages, each of which is answered again. */
async function answerBatch(world: World, outer: VerifiedRequest, inner: readonly VerifiedRequest[]): Promise<CmpReply> {
  const { exchange, use, isRepeated } = outer;
  const { header, bodyKind } = exchange.message;
  const authority = chosenAuthority(world, exchange);
  const begun = isRepeated ? ok(undefined) : await beginBatch(world, exchange);
  if (!begun.ok) return refuse(world, { header, bodyKind, fault: faultOf(begun.error), use, authority });
  const answers: Bytes[] = [];
  for (const one of countedInBatch(inner)) {
    const answered = await answerOne(world, one);
    if (answered.status !== 200) return answered;
    answers.push(answered.message);
  }
  const answer = {
    bodyKind: 'nested',
    bodyContent: encodeBody.nested(answers),
    generalInfo: [],
    senderNonce: exchange.senderNonce,
    recipNonce: header.senderNonce,
    authority,
    extraCerts: [],
    failInfo: null,
  } as const;
  world.cmpParts.answered(bodyKind, null);
  return reply(world, { header, answer, use });
}

/**
 * The transactions of a batch are counted before the first of them begins, so that each message
 * counts those of its sender before it as open.
 */
function countedInBatch(inner: readonly VerifiedRequest[]): readonly VerifiedRequest[] {
  const before = new Map<string, number>();
  return inner.map((one) => {
    const { principal, open } = one.exchange;
    const sender = actorOf(principal);
    const begun = before.get(sender) ?? 0;
    before.set(sender, begun + 1);
    return { ...one, exchange: { ...one.exchange, open: open === null ? null : open + begun } };
  });
}

type Refusal = {
  readonly header: PkiHeader;
  /** null: the body cannot be read. */
  readonly bodyKind: BodyKind | null;
  readonly fault: CmpFault;
  readonly use: ProtectionUse | null;
  /** Whose CMP key signs; null: that of the default profile's CA. */
  readonly authority: string | null;
};

/**
 * RFC 9483 4.2 has one answer to an rr: rp, with the reason in its PKIStatusInfo. Every other
 * message is refused with an error. The refusal is counted.
 */
function refuse(world: World, { header, bodyKind, fault, use, authority }: Refusal): Promise<CmpReply> {
  world.cmpParts.answered(bodyKind ?? 'unreadable', fault.failInfo);
  const fields = { senderNonce: world.random(NONCE_OCTETS), recipNonce: header.senderNonce, authority };
  const answer = bodyKind === 'rr' ? revocationRefusal(fault, fields) : errorAnswer(fault, fields);
  return reply(world, { header, answer, use });
}

async function notVerified(world: World, { header, bodyKind, failure }: NotVerified, path: CmpPath): Promise<CmpReply> {
  if (failure.kind === 'refused') {
    const { fault, protection: use } = failure;
    return refuse(world, { header, bodyKind, fault, use, authority: namedAuthority(world, header, path) });
  }
  const ms = failure.kind === 'overloaded' ? failure.retryAfterMs : SECOND_MS;
  const retryAfter = Math.max(1, Math.ceil(ms / SECOND_MS));
  return { status: 503, text: 'The message cannot be verified now.', retryAfter };
}

/** The CA of the profile that the path or certProfile names, before the message is verified. */
function namedAuthority(world: World, header: PkiHeader, path?: CmpPath): string | null {
  return authorityOf(world, path?.profile ?? certProfileOf(header));
}

/** The CA of the profile that a verified message is for. */
function chosenAuthority(world: World, exchange: CmpExchange): string | null {
  return authorityOf(world, answeringProfile(world, exchange));
}

function authorityOf({ policy }: World, profile: string | null): string | null {
  return policy.profiles.get(profile ?? '')?.authority ?? null;
}

function faultOf(failure: CmpFault | StoreFailure): CmpFault {
  return 'failInfo' in failure
    ? failure
    : errorFault('systemUnavail', 'The database is not available: send the message again later.');
}

async function reply(world: World, unprotected: Parameters<typeof protectAnswer>[1]): Promise<CmpReply> {
  return replyWith(await protectAnswer(world, unprotected), unprotected.answer);
}

/** `message`: null: it cannot be protected now. */
function replyWith(message: Bytes | null, { bodyKind }: CmpAnswer): CmpReply {
  if (message !== null) return { status: 200, message, comesBackLater: bodyKind === 'pollRep' };
  return { status: 503, text: 'The answer cannot be protected now.', retryAfter: RETRY_AFTER_SECONDS };
}

const RETRY_AFTER_SECONDS = 5;
