/** What each body asks for, after its message was verified (RFC 9483 section 4). */
import { actorOf } from '../../access/principal.js';
import { decodeBody } from '../../cmp/bodies.js';
import type { BodyKind, CmpFault } from '../../cmp/model.js';
import { errorFault } from '../../cmp/status-info.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { CmpTransaction } from '../../ports/store/enrolment/cmp-transactions.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { World } from '../world.js';
import {
  certificateAnswer,
  endAnswer,
  informationAnswer,
  isEnrolment,
  pollAnswer,
  revocationAnswer,
} from './answers.js';
import { confirmCertificate, recordClientError } from './confirm.js';
import { beginEnrolment, chooseProfile, IN_USE } from './enrol.js';
import type { AnsweredRow, CmpAnswer, CmpExchange, CmpSituation } from './exchange.js';
import { inform } from './inform.js';
import { pollCertificate } from './poll.js';
import { changeStatus } from './revoke.js';

type ServeResult = Result<CmpAnswer, CmpFault | StoreFailure>;
type Serve = (world: World, exchange: CmpExchange) => Promise<ServeResult>;

const enrolment: Serve = async (world, exchange) => {
  const begun = await beginEnrolment(world, exchange);
  return begun.ok ? ok(certificateAnswer(world, exchange, begun.value)) : begun;
};

const ending =
  (end: (world: World, exchange: CmpExchange) => Promise<Result<CmpTransaction, CmpFault | StoreFailure>>): Serve =>
  async (world, exchange) => {
    const ended = await end(world, exchange);
    return ended.ok ? ok(endAnswer(world, exchange, ended.value)) : ended;
  };

const poll: Serve = async (world, exchange) => {
  const polled = await pollCertificate(world, exchange);
  return polled.ok ? ok(polledAnswer(world, exchange, polled.value)) : polled;
};

const revocation: Serve = async (world, exchange) => {
  const changed = await changeStatus(world, exchange);
  return changed.ok ? ok(revocationAnswer(world, exchange, changed.value)) : changed;
};

/**
 * Reads need no transaction: what is asked again is answered again. They do not belong to the
 * transaction of another message either.
 */
const information: Serve = async (world, exchange) => {
  const { principal, message, isKnown } = exchange;
  if (isKnown) return err(IN_USE);
  const decoded = decodeBody.genm(message.bodyContent);
  if (!decoded.ok) return decoded;
  const chosen = chooseProfile(world, exchange);
  const profile = chosen.ok ? chosen.value : null;
  const informed = await inform(world, { principal, profile, items: decoded.value });
  return informed.ok ? ok(informationAnswer(world, exchange, { profile, items: informed.value })) : informed;
};

/** RFC 9810 5.3.11: only a CA may ask for a cross certificate, and here nobody gets one. */
const crossCertification: Serve = (_, { principal }) =>
  Promise.resolve(
    err(
      principal.kind === 'self'
        ? errorFault('notAuthorized', 'A certificate of an end entity cannot ask for a cross certificate (ccr).')
        : errorFault('badRequest', 'Cross certificates are not issued (ccr).'),
    ),
  );

/** Bodies of clients; `nested` is taken apart before. */
const SERVED: Readonly<Partial<Record<BodyKind, Serve>>> = {
  ir: enrolment,
  cr: enrolment,
  p10cr: enrolment,
  kur: enrolment,
  certConf: ending(confirmCertificate),
  error: ending(recordClientError),
  pollReq: poll,
  rr: revocation,
  genm: information,
  ccr: crossCertification,
};

export function serveBody(world: World, exchange: CmpExchange): Promise<ServeResult> {
  const serve = SERVED[exchange.message.bodyKind];
  return serve === undefined
    ? Promise.resolve(err(errorFault('badRequest', `A body ${exchange.message.bodyKind} is not served here.`)))
    : serve(world, exchange);
}

/** The message was answered before: it gets the same answer, and nothing changes. */
export async function answerAgain(world: World, exchange: CmpExchange): Promise<ServeResult> {
  const { principal, transactionId } = exchange;
  const found = await world.store.read(async (reads): Promise<CmpSituation | null> => {
    const row = await reads.cmpTransaction({ principal: actorOf(principal), transactionId });
    if (row === null) return null;
    return { row, record: row.certificateId === null ? null : await reads.certificateById(row.certificateId) };
  });
  if (!found.ok) return found;
  const situation = found.value;
  if (situation === null) return err(errorFault('badRequest', 'The transaction was removed since.'));
  const noted = await noteWaiting(world, situation.row);
  return noted.ok ? ok(repeatedAnswer(world, exchange, situation)) : noted;
}

/** A client that repeats its request before the signature is there is told to wait. */
async function noteWaiting({ store, clock }: World, { state, waitUntil, ...key }: AnsweredRow) {
  if (state !== 'working' || waitUntil !== null) return ok(undefined);
  return store.transaction(async (tx) => {
    const row = await tx.cmpTransaction(key);
    if (row?.state === 'working') await tx.changeCmpTransaction({ ...row, waitUntil: clock() });
  });
}

function repeatedAnswer(world: World, exchange: CmpExchange, situation: CmpSituation): CmpAnswer {
  const { bodyKind } = exchange.message;
  if (isEnrolment(bodyKind)) return certificateAnswer(world, exchange, situation);
  if (bodyKind === 'pollReq') return polledAnswer(world, exchange, situation);
  return bodyKind === 'rr'
    ? revocationAnswer(world, exchange, situation.row)
    : endAnswer(world, exchange, situation.row);
}

function polledAnswer(world: World, exchange: CmpExchange, situation: CmpSituation): CmpAnswer {
  const { row, record } = situation;
  const isReady = row.state === 'refused' || (record !== null && record.signature !== null);
  return isReady ? certificateAnswer(world, exchange, situation) : pollAnswer(world, exchange, row);
}
