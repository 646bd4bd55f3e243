/**
 * The word of a card about its update, by a statement that it has signed: it holds the new set
 * (confirmation), or nothing of it (abandonment). The statement is checked before the transaction,
 * which reads the update again. A repeated word gets the same answer. A word that contradicts what
 * officers have decided changes nothing and raises an alarm: the card goes to a desk.
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
import { isAuthentication, keptProof, signerChanged } from './card-word.js';
import { abandonUpdates, confirmUpdates } from './change-updates.js';
import { cardToDesk } from './desk.js';
import { isReplaced, readBackOf } from './on-card.js';
import { noSuchUpdate, type ShownUpdate, shown, type UpdateName, visibleUpdate } from './read.js';
import { detailsOf, isDecidedByOfficers } from './update-entries.js';

export type WordVerb = 'confirm' | 'abandon';

export type HearCommand = {
  readonly account: Account;
  readonly name: UpdateName;
  readonly verb: WordVerb;
  readonly proof: ProofBody;
};

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

/** `confirmedMs`: from the offer to this confirmation; null: there was none, or it is repeated. */
export type HeardUpdate = ShownUpdate & { readonly confirmedMs: number | null };

export async function hearCard(world: World & ProofWorld, command: HearCommand): Outcome<HeardUpdate> {
  const { account, name, verb } = command;
  const permitted = decideAccess(account, 'update-card', null);
  if (!permitted.ok) return permitted;
  const found = await world.store.read((reads) => visibleUpdate(reads, account, name));
  if (!found.ok) return found;
  if (found.value === null) return err(noSuchUpdate(name.id));
  const { update, onCard } = found.value;
  const word = await wordOf(world, command, { update, onCard });
  if (!word.ok) return word;
  const { statement } = word.value.proof;
  const stated = 'onCard' in statement ? statement.onCard : [];
  const broken = readBackFault(readBackOf(world, onCard, { stated, newIds: update.newIds }), verb, update);
  if (broken !== null) return err(broken);
  const revoked: CertificateRecord[] = [];
  const hearing = { world, account, name, verb, word: word.value, revoked };
  const outcome = await world.store.groupedTransaction(HEAR, hearing);
  // Reported even if the result of the commit was lost, because it may have taken effect.
  if (revoked.length > 0) world.statusChanged(revoked);
  return outcome.ok ? outcome.value : outcome;
}

type KnownUpdate = { readonly update: CardUpdate; readonly onCard: readonly CertificateRecord[] };

async function wordOf(
  world: ProofWorld,
  { name, verb, proof: body }: HearCommand,
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
 * word repeats the end, or contradicts what officers have decided.
 */
function statesOf(verb: WordVerb, update: CardUpdate, presentKeyConfirms: boolean): readonly StoredState['status'][] {
  const situation = { fromSuspended: false, presentKeyConfirms };
  const states = statesFor(verb === 'confirm' ? 'confirm-update' : 'abandon-update', situation);
  const isConfirmed = update.state === 'confirmed' || update.state === 'completed';
  if (isDecidedByOfficers(update)) return [...states, 'issued', 'revoked'];
  return verb === 'confirm' && isConfirmed ? [...states, 'issued'] : states;
}

/** null: the card holds all new certificates to confirm, or none of them to abandon. */
function readBackFault(readBack: ReadBack, verb: WordVerb, { newIds }: CardUpdate): OperationFailure | null {
  if (readBack.kind === 'unknown') return cardToDesk('unknown-certificate');
  if (readBack.kind === (verb === 'confirm' ? 'all' : 'none')) return null;
  const missing = readBack.kind === 'partial' ? readBack.missing.length : readBack.kind === 'none' ? newIds.length : 0;
  const counts = { found: newIds.length - missing, expected: newIds.length };
  return { kind: 'state-conflict', ...fault('read-back-partial', counts) };
}

type HeardWord = Pick<HearCommand, 'account' | 'name' | 'verb'> & {
  readonly world: World;
  readonly word: VerifiedProof;
  /** Gets the certificates that are revoked. */
  readonly revoked: CertificateRecord[];
};

/** Confirmations of many cards share their transactions. */
const HEAR: GroupedWork<Transaction, HeardWord, Result<HeardUpdate, OperationFailure>> = {
  run: async (tx, words) => {
    const outcomes: Result<HeardUpdate, OperationFailure>[] = [];
    for (const one of words) outcomes.push(await hear(tx, one));
    return outcomes;
  },
};

async function hear(tx: Transaction, heard: HeardWord): Outcome<HeardUpdate> {
  const { world, account, name, verb, word, revoked } = heard;
  const visible = await visibleUpdate(tx, account, name);
  if (visible === null) return err(noSuchUpdate(name.id));
  const { update, onCard } = visible;
  const state = decideUpdateState(update.state, verb === 'confirm' ? 'confirm' : 'abandon-by-card');
  if (!state.ok) {
    if (!isDecidedByOfficers(update)) return state;
    return contradict(tx, heard, update);
  }
  if (state.value === update.state) return ok({ ...(await shown(tx, update)), confirmedMs: null });
  const changedSigner = signerChanged(word.record, onCard);
  if (changedSigner !== null) return err(changedSigner);
  const { now } = await tx.databaseClock();
  const { record: certificate, proof } = word;
  const cause = {
    actor: accountActor(account.id),
    endedBy: certificateActor(certificate),
    word: { certificateId: certificate.id, sha256: proof.sha256 },
    now,
    at: world.clock(),
  };
  await tx.insertCardProofs([{ ...keptProof(world, word, update.id), acceptedAt: now }]);
  if (verb === 'confirm') await confirmUpdates(tx, [update], cause);
  else revoked.push(...(await abandonUpdates(tx, [update], cause)));
  const [changed = update] = await tx.updatesByIds([update.id]);
  const confirmedMs = verb === 'confirm' && update.offeredAt !== null ? now - update.offeredAt : null;
  return ok({ ...(await shown(tx, changed)), confirmedMs });
}

/** Records the first word that contradicts the officers; a repeated one gets the same answer. */
async function contradict(tx: Transaction, heard: HeardWord, update: CardUpdate): Outcome<never> {
  const { world, account, verb, word } = heard;
  const earlier = await tx.proofsOfUpdate(update.id);
  if (!earlier.some((one) => one.verb === verb)) {
    const { now } = await tx.databaseClock();
    await tx.insertCardProofs([{ ...keptProof(world, word, update.id), acceptedAt: now }]);
    const at = world.clock();
    const details = detailsOf(update, { certificateId: word.record.id, sha256: word.proof.sha256 });
    await tx.appendAudit([{ at, type: 'update.contradicted', actor: accountActor(account.id), details }]);
    const data = { update: update.id, reason: 'update-contradicted' };
    await tx.publish([{ topic: 'card.to-desk', subject: update.id, account: update.accountId, at, data }]);
    const { cardTokenId } = update;
    await sendToDesk(tx, { cardTokenId, reason: 'update-contradicted' }, { actor: accountActor(account.id), at: now });
    world.log.error('update.contradicted', { id: update.id, state: update.state });
  }
  return err(cardToDesk('update-contradicted'));
}
