/**
 * What a card says of its update, by a statement that it has signed: it holds the new set
 * (confirmation), or nothing of it (abandonment). The statement is checked before the transaction,
 * which reads the update again. A repeated statement gets the same answer. A statement that
 * contradicts what officers have decided changes nothing and raises an alarm: the card goes to a
 * desk.
 */
import { decideAccess } from '../../access/decide.js';
import { statesFor } from '../../access/principal.js';
import { accountActor, certificateActor } from '../../audit/actors.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { decideUpdateState } from '../../lifecycle/update-states.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CardUpdate } from '../../ports/store/cards/card-updates.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { StoredState } from '../../ports/store/statuses.js';
import type { GroupedWork, Transaction } from '../../ports/store.js';
import { fault } from '../../texts/text.js';
import type { ProofBody } from '../../updates/proof.js';
import type { ReadBack } from '../../updates/read-back.js';
import { sendToDesk } from '../campaigns/update-hooks.js';
import type { OperationFailure } from '../failures.js';
import { type ProofWorld, type VerifiedProof, verifyProof } from '../proofs/verify-proof.js';
import type { World } from '../world.js';
import { isAuthentication, keptProof, signerChanged } from './card-proofs.js';
import { abandonUpdates, confirmUpdates } from './change-updates.js';
import { cardToDesk } from './desk.js';
import { isReplaced, readBackOf } from './on-card.js';
import { noSuchUpdate, type ShownUpdate, shown, type UpdateName, visibleUpdate } from './read.js';
import { detailsOf, isDecidedByOfficers } from './update-entries.js';

export type UpdateStatementVerb = 'confirm' | 'abandon';

export type StatementCommand = {
  readonly account: Account;
  readonly name: UpdateName;
  readonly verb: UpdateStatementVerb;
  readonly proof: ProofBody;
};

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

/** `confirmedMs`: from the offer to this confirmation; null: there was none, or it is repeated. */
export type StatedUpdate = ShownUpdate & { readonly confirmedMs: number | null };

export async function acceptStatement(world: World & ProofWorld, command: StatementCommand): Outcome<StatedUpdate> {
  const { account, name, verb } = command;
  const permitted = decideAccess(account, 'update-card', null);
  if (!permitted.ok) return permitted;
  const found = await world.store.read((reads) => visibleUpdate(reads, account, name));
  if (!found.ok) return found;
  if (found.value === null) return err(noSuchUpdate(name.id));
  const { update, onCard } = found.value;
  const verified = await verifiedStatement(world, command, { update, onCard });
  if (!verified.ok) return verified;
  const { statement } = verified.value.proof;
  const stated = 'onCard' in statement ? statement.onCard : [];
  const broken = readBackFault(readBackOf(world, onCard, { stated, newIds: update.newIds }), verb, update);
  if (broken !== null) return err(broken);
  const revoked: CertificateRecord[] = [];
  const accepting = { world, account, name, verb, verified: verified.value, revoked };
  const outcome = await world.store.groupedTransaction(ACCEPT, accepting);
  // Reported even if the result of the commit was lost, because it may have taken effect.
  if (revoked.length > 0) world.statusChanged(revoked);
  return outcome.ok ? outcome.value : outcome;
}

type KnownUpdate = { readonly update: CardUpdate; readonly onCard: readonly CertificateRecord[] };

async function verifiedStatement(
  world: ProofWorld,
  { name, verb, proof: body }: StatementCommand,
  { update, onCard }: KnownUpdate,
): Outcome<VerifiedProof> {
  const { cardTokenId: card, id } = name;
  const fresh = onCard.filter((record) => update.newIds.includes(record.id) && isAuthentication(record));
  const isFresh = (record: CertificateRecord): boolean => fresh.some((one) => one.id === record.id);
  const presentKeyConfirms = fresh.length === 0;
  return verifyProof(world, {
    body,
    action: verb === 'confirm' ? 'confirm-update' : 'abandon-update',
    card,
    about: { certificateId: null, cardTokenId: card },
    asked: { verb, update: id },
    states: statesOf(verb, update, presentKeyConfirms),
    maySign:
      verb === 'confirm' && !presentKeyConfirms
        ? isFresh
        : (record) => !isFresh(record) && (update.oldIds.includes(record.id) || !isReplaced(record, onCard)),
  });
}

/**
 * The states of the table, and those that a certificate has because of this update's end: then the
 * statement repeats the end, or contradicts what officers have decided.
 */
function statesOf(
  verb: UpdateStatementVerb,
  update: CardUpdate,
  presentKeyConfirms: boolean,
): readonly StoredState['status'][] {
  const situation = { fromSuspended: false, presentKeyConfirms };
  const states = statesFor(verb === 'confirm' ? 'confirm-update' : 'abandon-update', situation);
  const isConfirmed = update.state === 'confirmed' || update.state === 'completed';
  if (isDecidedByOfficers(update)) return [...states, 'issued', 'revoked'];
  return verb === 'confirm' && isConfirmed ? [...states, 'issued'] : states;
}

/** null: the card holds all new certificates to confirm, or none of them to abandon. */
function readBackFault(readBack: ReadBack, verb: UpdateStatementVerb, { newIds }: CardUpdate): OperationFailure | null {
  if (readBack.kind === 'unknown') return cardToDesk('unknown-certificate');
  if (readBack.kind === (verb === 'confirm' ? 'all' : 'none')) return null;
  const missing = readBack.kind === 'partial' ? readBack.missing.length : readBack.kind === 'none' ? newIds.length : 0;
  const counts = { found: newIds.length - missing, expected: newIds.length };
  return { kind: 'state-conflict', ...fault('read-back-partial', counts) };
}

type StatementToAccept = Pick<StatementCommand, 'account' | 'name' | 'verb'> & {
  readonly world: World;
  readonly verified: VerifiedProof;
  /** Gets the certificates that are revoked. */
  readonly revoked: CertificateRecord[];
};

/** Confirmations of many cards share their transactions. */
const ACCEPT: GroupedWork<Transaction, StatementToAccept, Result<StatedUpdate, OperationFailure>> = {
  run: async (tx, statements) => {
    const outcomes: Result<StatedUpdate, OperationFailure>[] = [];
    for (const one of statements) outcomes.push(await accept(tx, one));
    return outcomes;
  },
};

async function accept(tx: Transaction, asked: StatementToAccept): Outcome<StatedUpdate> {
  const { world, account, name, verb, verified, revoked } = asked;
  const visible = await visibleUpdate(tx, account, name);
  if (visible === null) return err(noSuchUpdate(name.id));
  const { update, onCard } = visible;
  const state = decideUpdateState(update.state, verb === 'confirm' ? 'confirm' : 'abandon-by-card');
  if (!state.ok) {
    if (!isDecidedByOfficers(update)) return state;
    return contradict(tx, asked, update);
  }
  if (state.value === update.state) return ok({ ...(await shown(tx, update)), confirmedMs: null });
  const changedSigner = signerChanged(verified.record, onCard);
  if (changedSigner !== null) return err(changedSigner);
  const { now } = await tx.databaseClock();
  const { record: certificate, proof } = verified;
  const cause = {
    actor: accountActor(account.id),
    endedBy: certificateActor(certificate),
    statement: { certificateId: certificate.id, sha256: proof.sha256 },
    now,
    at: world.clock(),
  };
  await tx.insertCardProofs([{ ...keptProof(world, verified, update.id), acceptedAt: now }]);
  if (verb === 'confirm') await confirmUpdates(tx, [update], cause);
  else revoked.push(...(await abandonUpdates(tx, [update], cause)));
  const [changed = update] = await tx.updatesByIds([update.id]);
  const confirmedMs = verb === 'confirm' && update.offeredAt !== null ? now - update.offeredAt : null;
  return ok({ ...(await shown(tx, changed)), confirmedMs });
}

/** Records the first statement that contradicts the officers. Repeated, it is refused again. */
async function contradict(tx: Transaction, asked: StatementToAccept, update: CardUpdate): Outcome<never> {
  const { world, account, verb, verified } = asked;
  const earlier = await tx.proofsOfUpdate(update.id);
  if (!earlier.some((one) => one.verb === verb)) {
    const { now } = await tx.databaseClock();
    await tx.insertCardProofs([{ ...keptProof(world, verified, update.id), acceptedAt: now }]);
    const at = world.clock();
    const details = detailsOf(update, { certificateId: verified.record.id, sha256: verified.proof.sha256 });
    await tx.appendAudit([{ at, type: 'update.contradicted', actor: accountActor(account.id), details }]);
    const data = { update: update.id, reason: 'update-contradicted' };
    await tx.publish([{ topic: 'card.to-desk', subject: update.id, account: update.accountId, at, data }]);
    const { cardTokenId } = update;
    await sendToDesk(tx, { cardTokenId, reason: 'update-contradicted' }, { actor: accountActor(account.id), at: now });
    world.log.error('update.contradicted', { id: update.id, state: update.state });
  }
  return err(cardToDesk('update-contradicted'));
}
