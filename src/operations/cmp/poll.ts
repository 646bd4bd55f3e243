/**
 * pollReq (RFC 9483 4.4): the client asks for a certificate that it waits for. Before `checkAfter`
 * it is answered from the row alone. Afterwards a request without an intent is run again, and a
 * certificate that exists by now is delivered.
 */
import { actorOf } from '../../access/principal.js';
import { decodeBody } from '../../cmp/bodies.js';
import { decodeMessage } from '../../cmp/message.js';
import type { CmpFault } from '../../cmp/model.js';
import { errorFault } from '../../cmp/status-info.js';
import { present } from '../../kernel/assert.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { CmpTransaction } from '../../ports/store/enrolment/cmp-transactions.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { World } from '../world.js';
import { continueEnrolment } from './enrol.js';
import type { CmpExchange, CmpSituation } from './exchange.js';
import { confirmWithinMs, continued, nextCheck } from './rows.js';

type PollResult = Result<CmpSituation, CmpFault | StoreFailure>;

export async function pollCertificate(world: World, exchange: CmpExchange): Promise<PollResult> {
  const { principal, transactionId, message } = exchange;
  const decoded = decodeBody.pollReq(message.bodyContent);
  if (!decoded.ok) return decoded;
  const [certReqId, another] = decoded.value;
  if (certReqId === undefined || another !== undefined)
    return refuse('pollReq must have one certReqId, because one certificate was requested');
  const key = { principal: actorOf(principal), transactionId };
  const noted = await world.store.transaction(async (tx): Promise<Result<CmpTransaction, CmpFault>> => {
    const row = await tx.cmpTransaction(key);
    const broken = row === null ? NONE : pollFault(row, certReqId);
    if (row === null || broken !== null) return err(broken ?? NONE);
    const isEarly = isTooEarly(row, exchange.now);
    const next = continued(row, exchange);
    const checkAfter = row.state === 'waiting' && !isEarly ? nextCheck(next, exchange.now) : row.checkAfter;
    const isOpen = row.state === 'working' || row.state === 'waiting';
    const waitUntil = row.waitUntil ?? (isOpen ? exchange.now : null);
    await tx.changeCmpTransaction({ ...next, checkAfter, waitUntil });
    return ok({ ...row, nonces: next.nonces, lastSha256: next.lastSha256, version: row.version + 1 });
  });
  if (!noted.ok) return noted;
  if (!noted.value.ok) return noted.value;
  // As it was when the client asked: `checkAfter` says whether it may ask already.
  const row = noted.value.value;
  if (row.state === 'waiting' && row.request !== null && !isTooEarly(row, exchange.now)) {
    const again = await runAgain(world, exchange, row);
    if (!again.ok) return again;
  }
  return deliver(world, row);
}

const NONE = errorFault('badRequest', 'There is no transaction with this transactionID.');

function isTooEarly({ checkAfter }: CmpTransaction, now: number): boolean {
  return checkAfter !== null && now < checkAfter;
}

/** null: the transaction takes a pollReq: it waits, or its answer was not fetched yet. */
function pollFault({ state, certReqId: own, waitUntil }: CmpTransaction, certReqId: number): CmpFault | null {
  if (certReqId !== own) return errorFault('badRequest', `certReqId must be ${own}, as in the request`);
  if (state === 'confirmed') return errorFault('certConfirmed', 'The certificate is confirmed already.');
  if (state === 'working' || state === 'waiting') return null;
  const isFetched = waitUntil === null || state === 'rejected' || state === 'lapsed';
  return isFetched ? errorFault('badRequest', 'This transaction has no certificate to poll for.') : null;
}

async function runAgain(world: World, exchange: CmpExchange, row: CmpTransaction): Promise<PollResult> {
  const message = decodeMessage(present(row.request, 'the request of a waiting transaction'));
  const stored = present(message.ok ? message.value : null, 'a message that was read before');
  const current = await world.store.read((reads) => reads.cmpTransaction(row));
  if (!current.ok) return current;
  return continueEnrolment(world, exchange, { row: present(current.value, 'a row of this poll'), message: stored });
}

/**
 * The first answer that has the certificate gives the client its whole time to confirm it, because
 * nobody knows how long it has been ready. Nothing is left to wait for then.
 */
function deliver({ store, policy, clock }: World, row: CmpTransaction): Promise<PollResult> {
  return store
    .transaction(async (tx): Promise<Result<CmpSituation, CmpFault>> => {
      const current = present(await tx.cmpTransaction(row), 'a row of this poll');
      const record = current.certificateId === null ? null : await tx.certificateById(current.certificateId);
      if (current.state === 'working' || current.state === 'waiting') return ok({ row: current, record });
      const profile = policy.profiles.get(current.profile ?? '');
      const within = profile === undefined ? 0 : confirmWithinMs(profile);
      const confirmBy =
        current.state === 'answered' ? Math.max(current.confirmBy ?? 0, clock() + within) : current.confirmBy;
      const delivered = { ...current, confirmBy, waitUntil: null };
      await tx.changeCmpTransaction(delivered);
      return ok({ row: { ...delivered, version: current.version + 1 }, record });
    })
    .then((outcome) => (outcome.ok ? outcome.value : outcome));
}

function refuse(text: string): Result<never, CmpFault> {
  return err(errorFault('badRequest', text));
}
