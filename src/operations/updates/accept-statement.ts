/**
 * What a card says of its update, by a statement that it has signed: it holds the new set
 * (confirmation), or nothing of it (abandonment). The statement is checked before the transaction,
 * which reads the update again. A repeated statement gets the same answer; after another end it is
 * refused (`update-ended`). A card that holds a certificate which was never made for it goes to a
 * desk. So does one that contradicts what officers have decided: its statement changes nothing and
 * raises an alarm.
 */
import { decideAccess } from '../../access/decide.js';
import { statesFor } from '../../access/principal.js';
import { accountActor, certificateActor } from '../../audit/actors.js';
import { present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import { groupBy } from '../../kernel/group-by.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { decideUpdateState } from '../../lifecycle/update-states.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CardUpdate } from '../../ports/store/cards/card-updates.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { StoredState } from '../../ports/store/statuses.js';
import type { GroupedWork, Reads, Transaction } from '../../ports/store.js';
import { fault } from '../../texts/text.js';
import type { ProofBody } from '../../updates/proof.js';
import type { ReadBack } from '../../updates/tickets.js';
import { sendToDesk } from '../campaigns/update-hooks.js';
import { notFound, type OperationFailure } from '../failures.js';
import {
  type FoundSigner,
  judgeProof,
  type ProofDemand,
  type ProofWorld,
  readSigners,
  type VerifiedProof,
} from '../proofs/verify-proof.js';
import type { World } from '../world.js';
import { isAuthentication, keptProof, readCardProof, signerChanged } from './card-proofs.js';
import { abandonUpdates, confirmUpdates } from './change-updates.js';
import { cardToDesk, refuseToDesk } from './desk.js';
import { isReplaced, readBackOf } from './on-card.js';
import { allShown, type ShownUpdate, type UpdateName, type VisibleUpdate, visibleUpdates } from './read.js';
import { detailsOf, isDecidedByOfficers } from './update-entries.js';

export type UpdateStatementVerb = 'confirm' | 'abandon';

const EVENTS = { confirm: 'confirm', abandon: 'abandon-by-card' } as const;

type StatementCommand = {
  readonly account: Account;
  readonly name: UpdateName;
  readonly verb: UpdateStatementVerb;
  readonly proof: ProofBody;
};

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

/** `confirmedMs`: from the offer to this confirmation; null: there was none, or it is repeated. */
type StatedUpdate = ShownUpdate & { readonly confirmedMs: number | null };

export async function acceptStatement(world: World & ProofWorld, command: StatementCommand): Outcome<StatedUpdate> {
  const { account, name, verb } = command;
  const permitted = decideAccess(account, 'update-card', null);
  if (!permitted.ok) return permitted;
  const asked = { account, name, certificateId: command.proof.certificateId };
  const found = await world.store.groupedRead(STATED_UPDATES, asked);
  if (!found.ok) return found;
  if (found.value === null) return err(notFound('no-update', { id: name.id }));
  const { update, onCard } = found.value;
  const verified = await verifiedStatement(world, command, found.value);
  if (!verified.ok) return verified;
  const { statement } = verified.value.proof;
  const stated = 'onCard' in statement ? statement.onCard : [];
  // An update stays in its end whatever the card holds, and the end may have revoked this key: it
  // sends no card to a desk.
  const state = decideUpdateState(update.state, EVENTS[verb]);
  if (!state.ok && !isDecidedByOfficers(update)) return state;
  const readBack = readBackOf(world, onCard, { stated, newIds: update.newIds });
  if (readBack.kind === 'unknown') {
    const { cardTokenId, reader, middleware } = update;
    return refuseToDesk(world, { account, cardTokenId, reader, middleware }, cardToDesk('unknown-certificate'));
  }
  const broken = readBackFault(readBack, verb, update);
  if (broken !== null) return err(broken);
  const revoked: CertificateRecord[] = [];
  const accepting = { world, account, name, verb, verified: verified.value, revoked };
  const outcome = await world.store.groupedTransaction(ACCEPT, accepting);
  // Reported even if the result of the commit was lost, because it may have taken effect.
  if (revoked.length > 0) world.statusChanged(revoked);
  return outcome.ok ? outcome.value : outcome;
}

type FoundUpdate = VisibleUpdate & { readonly signer: FoundSigner };

type AskedStatement = Pick<StatementCommand, 'account' | 'name'> & { readonly certificateId: string };

/**
 * Updates with the certificates that have signed; null: there is no such update, or the account
 * does not see it. Simultaneous requests share one read.
 */
const STATED_UPDATES: GroupedWork<Reads, AskedStatement, FoundUpdate | null> = {
  run: async (reads, asked) => {
    const visible = await visibleUpdates(reads, asked);
    const signers = await readSigners(
      reads,
      asked.map(({ certificateId }, at) => visible[at]?.onCard.find(({ id }) => id === certificateId) ?? null),
    );
    return visible.map((one, at) =>
      one === null ? null : { ...one, signer: present(signers[at], 'the signer of a statement') },
    );
  },
};

async function verifiedStatement(
  world: ProofWorld,
  { name, verb, proof: body }: StatementCommand,
  { update, onCard, signer }: FoundUpdate,
): Outcome<VerifiedProof> {
  const { cardTokenId: card, id } = name;
  const proof = readCardProof(body, card);
  if (!proof.ok) return proof;
  const fresh = onCard.filter((record) => update.newIds.includes(record.id) && isAuthentication(record));
  const isFresh = (record: CertificateRecord): boolean => fresh.some((one) => one.id === record.id);
  const presentKeyConfirms = fresh.length === 0;
  const demand: ProofDemand = {
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
  };
  return judgeProof(world, demand, { proof: proof.value, found: signer });
}

/**
 * The states of the table, and those that a certificate has because of this update's end: then the
 * statement repeats the end, or comes after another end and changes nothing.
 */
function statesOf(
  verb: UpdateStatementVerb,
  update: CardUpdate,
  presentKeyConfirms: boolean,
): readonly StoredState['status'][] {
  const situation = { fromSuspended: false, presentKeyConfirms };
  const states = statesFor(verb === 'confirm' ? 'confirm-update' : 'abandon-update', situation);
  const next = decideUpdateState(update.state, EVENTS[verb]);
  if (next.ok) return next.value === update.state ? [...states, 'issued'] : states;
  return update.state === 'issuing' ? states : [...states, 'revoked'];
}

/** null: the card holds all new certificates to confirm, or none of them to abandon. */
function readBackFault(
  readBack: Exclude<ReadBack, { readonly kind: 'unknown' }>,
  verb: UpdateStatementVerb,
  { newIds }: CardUpdate,
): OperationFailure | null {
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

type StatementOutcome = Result<StatedUpdate, OperationFailure>;

/** Statements of many cards share their transactions and SQL statements. */
const ACCEPT: GroupedWork<Transaction, StatementToAccept, StatementOutcome> = {
  run: async (tx, statements) => {
    const outcomes = new Map<StatementToAccept, StatementOutcome>();
    for (const wave of wavesOf(statements)) await acceptAll(tx, wave, outcomes);
    return statements.map((one) => present(outcomes.get(one), 'outcome of a statement'));
  },
};

/** Statements about one update are accepted one after the other. */
function wavesOf(statements: readonly StatementToAccept[]): readonly (readonly StatementToAccept[])[] {
  const waves: StatementToAccept[][] = [];
  const wavesWith = new Map<string, number>();
  for (const one of statements) {
    const at = wavesWith.get(one.name.id) ?? 0;
    wavesWith.set(one.name.id, at + 1);
    const wave = waves[at];
    if (wave === undefined) waves.push([one]);
    else wave.push(one);
  }
  return waves;
}

type StatementOnUpdate = { readonly asked: StatementToAccept; readonly update: CardUpdate };

async function acceptAll(
  tx: Transaction,
  statements: readonly StatementToAccept[],
  outcomes: Map<StatementToAccept, StatementOutcome>,
): Promise<void> {
  // The access was checked before, and depends on nothing that changes.
  const current = await tx.updatesByIds(statements.map(({ name }) => name.id));
  const updates = new Map(current.map((update) => [update.id, update]));
  const signers = await tx.certificatesByIds(statements.map(({ verified }) => verified.record.id));
  const signersById = new Map(signers.map((record) => [record.id, record]));
  const accepted: StatementOnUpdate[] = [];
  const repeated: StatementOnUpdate[] = [];
  for (const asked of statements) {
    const update = updates.get(asked.name.id);
    if (update === undefined) {
      outcomes.set(asked, err(notFound('no-update', { id: asked.name.id })));
      continue;
    }
    const state = decideUpdateState(update.state, EVENTS[asked.verb]);
    if (!state.ok) {
      outcomes.set(asked, isDecidedByOfficers(update) ? await contradict(tx, { asked, update }) : state);
      continue;
    }
    if (state.value === update.state) {
      await keepFirst(tx, { asked, update });
      repeated.push({ asked, update });
      continue;
    }
    const changedSigner = signerChanged(asked.verified.record, signersById);
    if (changedSigner === null) accepted.push({ asked, update });
    else outcomes.set(asked, err(changedSigner));
  }
  await answerAll(tx, { answered: repeated, confirmedAt: null }, outcomes);
  if (accepted.length === 0) return;
  const { now } = await tx.databaseClock();
  await endByStatements(tx, accepted, now);
  const changed = await tx.updatesByIds(accepted.map(({ update }) => update.id));
  const byId = new Map(changed.map((update) => [update.id, update]));
  const after = accepted.map(({ asked, update }) => ({ asked, update: byId.get(update.id) ?? update }));
  await answerAll(tx, { answered: after, confirmedAt: now }, outcomes);
}

/** `confirmedAt` null: the statements are repeated. */
type Answers = { readonly answered: readonly StatementOnUpdate[]; readonly confirmedAt: Instant | null };

async function answerAll(
  tx: Transaction,
  { answered, confirmedAt }: Answers,
  outcomes: Map<StatementToAccept, StatementOutcome>,
): Promise<void> {
  if (answered.length === 0) return;
  const all = await allShown(
    tx,
    answered.map(({ update }) => update),
  );
  for (const [at, { asked, update }] of answered.entries()) {
    const { offeredAt } = update;
    const isConfirmed = asked.verb === 'confirm' && offeredAt !== null && confirmedAt !== null;
    const confirmedMs = isConfirmed ? confirmedAt - offeredAt : null;
    outcomes.set(asked, ok({ ...present(all[at], 'a shown update'), confirmedMs }));
  }
}

/** The statements are kept, and the updates end as the cards say. */
async function endByStatements(tx: Transaction, accepted: readonly StatementOnUpdate[], now: Instant): Promise<void> {
  await tx.insertCardProofs(
    accepted.map(({ asked: { world, verified }, update }) => ({
      ...keptProof(world, verified, update.id),
      acceptedAt: now,
    })),
  );
  const confirmed = accepted.filter(({ asked }) => asked.verb === 'confirm');
  for (const some of groupBy(confirmed, ({ asked }) => asked.account.id).values()) {
    const { world, account } = present(some[0], 'a statement of the account').asked;
    const moment = { actor: accountActor(account.id), now, at: world.clock() };
    await confirmUpdates(tx, some.map(endOf), moment);
  }
  for (const one of accepted.filter(({ asked }) => asked.verb === 'abandon')) {
    const { world, account, revoked } = one.asked;
    const cause = { ...endOf(one), actor: accountActor(account.id), now, at: world.clock() };
    revoked.push(...(await abandonUpdates(tx, [one.update], cause)));
  }
}

function endOf({ asked: { verified }, update }: StatementOnUpdate) {
  const { record: certificate, proof } = verified;
  return {
    update,
    endedBy: certificateActor(certificate),
    statement: { certificateId: certificate.id, sha256: proof.sha256 },
  };
}

/** Records the first statement that contradicts the officers. Repeated, it is refused again. */
async function contradict(tx: Transaction, { asked, update }: StatementOnUpdate): Outcome<never> {
  const { world, account, verified } = asked;
  const now = await keepFirst(tx, { asked, update });
  if (now !== null) {
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

/**
 * Keeps the statement unless the card has made one with this verb before: it agrees with an end
 * that the card has not caused, or contradicts it. Returns when; null: it repeats an earlier one.
 */
async function keepFirst(
  tx: Transaction,
  { asked: { world, verb, verified }, update }: StatementOnUpdate,
): Promise<Instant | null> {
  const earlier = await tx.proofsOfUpdate(update.id);
  if (earlier.some((one) => one.verb === verb)) return null;
  const { now } = await tx.databaseClock();
  await tx.insertCardProofs([{ ...keptProof(world, verified, update.id), acceptedAt: now }]);
  return now;
}
