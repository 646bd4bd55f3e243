/**
 * Reserves serial numbers: one transaction stores the idempotency claims, to-be-signed bytes
 * (`open`) and audit intents of all waiting requests, before any signer sees the bytes.
 */
import { type NewIntent, storeIntents } from '../../issuance/intent.js';
import type { Application, EnrolmentFacts } from '../../issuance/prepare.js';
import { present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import { isKeyProven } from '../../lifecycle/certificate-states.js';
import type { Environment } from '../../policy/model.js';
import type { RunId } from '../../ports/node.js';
import type { CardFacts, IssuanceStates } from '../../ports/store/cards/cards.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { ClaimRequest, IdempotencyOutcome } from '../../ports/store/idempotency.js';
import type { GroupedWork, Reads, Transaction } from '../../ports/store.js';
import { together } from '../../ports/together.js';
import type { Clock } from '../../ports/world.js';
import { fault } from '../../texts/text.js';
import { cardsAndHoldersOf, cardsToPut, endedCardOrBarredHolder } from '../cards/usable-cards.js';
import { type IssuanceFault, passIssuance } from '../clock.js';
import { cmpName, type NewCmpIntent, readCmpTransactions, storeCmpIntents } from '../cmp/reserve-transactions.js';
import {
  type RegistrationsById,
  readRegistrations,
  registrationConflict,
  useRegistrations,
} from '../enrolment/use-registrations.js';
import type { OperationFailure } from '../failures.js';
import { type LeasedLine, workableLines } from '../orders/lines/line-states.js';
import {
  insertUpdates,
  isUpdate,
  type NewUpdate,
  procedureName,
  readUpdateUses,
  type UpdateUseReads,
  updateConflict,
} from '../updates/reserve-updates.js';
import type { World } from '../world.js';
import { type ExistingUses, findClashes, withForeseen } from './clashes.js';
import { findDuplicates } from './duplicates.js';
import { issuedIn, type Pace, type PaceCaps, readPace, waitForPace } from './pace.js';
import { type Quotas, readQuotas, type WantedUse } from './quota.js';
import { evidenceFrom, renewalConflict } from './renewal.js';
import { readSuccessors, selfRenewed } from './self-renewal.js';

/** One request. All of its certificates are reserved, or none. */
export type Reservation = {
  readonly claim: ClaimRequest | null;
  /** The line of an order whose claim this is; null: a request of the API. */
  readonly line: LeasedLine | null;
  /** The remote update that asks for the certificates; null: none does. */
  readonly update: NewUpdate | null;
  /** Id of the registration whose profiles are used; null: none is. */
  readonly registration: string | null;
  /** The transaction of CMP that asks for the certificate; null: none does. */
  readonly cmp: NewCmpIntent | null;
  readonly applications: readonly Application[];
  /** In the order of the applications. */
  readonly records: readonly CertificateRecord[];
  /** What is said of each request by EST or CMP, in the order of the records; left out: others. */
  readonly enrolments?: readonly (EnrolmentFacts | undefined)[];
  /** What earlier lines of a dry run would have been issued; left out: nothing is foreseen. */
  readonly foreseen?: readonly CertificateRecord[];
  /** Set for a line of an order, which waits for its pace (`pace.ts`); null: it does not. */
  readonly paceCaps: PaceCaps | null;
  /** The account whose quota the certificates count for; null: they count for none. */
  readonly quotaOf: string | null;
  readonly actor: string;
  readonly requestId: string | undefined;
  readonly now: Instant;
  readonly clock: Clock;
  readonly run: RunId;
  readonly environment: Pick<Environment, 'cardsOfOneHolder' | 'duplicatesRefused' | 'refusesOpposed'>;
  readonly blockedKeys: World['blockedKeys'];
};

/** What the database decides about a request. `reserved`: nothing prevents it. */
type Decision =
  | { readonly kind: 'reserved' }
  | { readonly kind: 'refused'; readonly clash: OperationFailure }
  /** Each certificate of a line exists, so that nothing is reserved. */
  | { readonly kind: 'duplicate'; readonly certificates: readonly CertificateRecord[] }
  /** What is asked for is under way elsewhere, or the line may not be worked on here any more. */
  | { readonly kind: 'in-progress' };

type RevokedIssuers = Awaited<ReturnType<Reads['revokedIssuers']>>;

type ReservationOutcome =
  | Decision
  | IssuanceFault
  /** Another request with the same idempotency key has finished in the meantime. */
  | Exclude<IdempotencyOutcome, { readonly kind: 'claimed' }>;

export const RESERVE_INTENTS: GroupedWork<Transaction, Reservation, ReservationOutcome> = {
  run: async (tx, reservations) => {
    // All requests of a group come from one process, so they have one clock and one run.
    const first = present(reservations[0], 'a reservation of the group');
    const prevented = await passIssuance(tx, first);
    if (prevented !== null) return reservations.map(() => prevented);
    const { now } = first;
    const outcomes = new Map<Reservation, ReservationOutcome>();
    const workable = await workableLines(
      tx,
      reservations.flatMap(({ line }) => line ?? []),
    );
    for (const one of reservations)
      if (one.line !== null && !workable.has(one.line)) outcomes.set(one, { kind: 'in-progress' });
    const admitted = reservations.filter((one) => !outcomes.has(one));
    const pace = await paceOf(tx, admitted, now);
    const quotas = await readQuotas(
      tx,
      admitted.flatMap(({ quotaOf }) => quotaOf ?? []),
      now,
    );
    const cards = new Map<string, CardFacts>();
    for (const wave of wavesOf(admitted)) await reserveWave(tx, wave, { outcomes, pace, quotas, cards });
    // One statement for the group. Cards whose record does not change are left out.
    await tx.putCardsInUse([...cards.values()], now);
    const reserved = admitted.filter((one) => outcomes.get(one)?.kind === 'reserved');
    await tx.countIssuance(issuedIn(now, reserved.flatMap(profilesOf)));
    await tx.countAccountUse(quotas.added());
    return reservations.map((one) => present(outcomes.get(one), 'outcome of a reservation'));
  },
};

/** null: no request of the group is a line of an order. */
async function paceOf(tx: Transaction, reservations: readonly Reservation[], now: Instant): Promise<Pace | null> {
  const profiles = new Set(reservations.flatMap((one) => (one.paceCaps === null ? [] : profilesOf(one))));
  return profiles.size === 0 ? null : readPace(tx, { profiles: [...profiles], now });
}

function profilesOf({ records }: Reservation): readonly string[] {
  return records.map(({ profile }) => profile);
}

/**
 * Requests of one wave share neither keys, cards, registrations, certificates that renew
 * themselves, CMP transactions nor procedures, so each sees everything that could prevent it.
 */
function wavesOf(reservations: readonly Reservation[]): readonly (readonly Reservation[])[] {
  const waves: Reservation[][] = [];
  const lastWaveOf = new Map<string, number>();
  for (const one of reservations) {
    const names = one.records.flatMap(({ spkiSha256, cardTokenId }) =>
      cardTokenId === null ? [`key ${spkiSha256}`] : [`key ${spkiSha256}`, `card ${cardTokenId}`],
    );
    if (one.registration !== null) names.push(`registration ${one.registration}`);
    if (one.update !== null) names.push(procedureName(one.update.procedure));
    names.push(...selfRenewed(one).map((id) => `renewal ${id}`), ...cmpName(one));
    const at = 1 + Math.max(-1, ...names.map((name) => lastWaveOf.get(name) ?? -1));
    for (const name of names) lastWaveOf.set(name, at);
    const wave = waves[at];
    if (wave === undefined) waves.push([one]);
    else wave.push(one);
  }
  return waves;
}

/** What the waves of a group share. */
type Group = {
  readonly outcomes: Map<Reservation, ReservationOutcome>;
  readonly pace: Pace | null;
  readonly quotas: Quotas;
  /** The cards that the group puts in use, by number. */
  readonly cards: Map<string, CardFacts>;
};

async function reserveWave(
  tx: Transaction,
  wave: readonly Reservation[],
  { outcomes, pace, quotas, cards }: Group,
): Promise<void> {
  const candidates = await claimAll(tx, wave, outcomes);
  const { decisions, renewed, states, registrations } = await decideAll(tx, candidates);
  const accepted: Reservation[] = [];
  const refused: Reservation[] = [];
  for (const [at, one] of candidates.entries()) {
    const decision = paced(pace, one, withinQuota(quotas, one, present(decisions[at], 'decision on a request')));
    if (decision.kind === 'reserved') pace?.add(profilesOf(one));
    if (decision.kind === 'reserved') quotas.add(wantedBy(one));
    outcomes.set(one, decision);
    (decision.kind === 'reserved' ? accepted : refused).push(one);
  }
  for (const card of cardsToPut(
    states,
    accepted.flatMap(({ records }) => records),
  ))
    cards.set(card.tokenId, card);
  await tx.releaseClaims(refused.flatMap(({ claim }) => (claim === null ? [] : [claim.claim])));
  await storeIntents(
    tx,
    accepted.flatMap(({ records, requestId, line, actor, enrolments }) =>
      records.map((record, at) => ({
        record,
        requestId,
        line,
        actor,
        enrolment: enrolments?.[at],
        evidenceFrom: whereEvidenceIsFrom(record, renewed),
      })),
    ),
  );
  await useRegistrations(tx, registrations, accepted);
  await storeCmpIntents(tx, accepted);
  await insertUpdates(tx, accepted.filter(isUpdate));
}

type ConflictReads = Pick<
  Reads,
  | 'certificatesByKeys'
  | 'certificatesOfCards'
  | 'blockedKeys'
  | 'certificatesByIds'
  | 'revokedIssuers'
  | 'issuanceStates'
  | 'registrationsByIds'
  | 'renewalsOf'
  | 'cmpTransactionsByKeys'
> &
  UpdateUseReads;

/** What would become of requests that a dry run does not reserve. */
export const DECIDE_ONLY: GroupedWork<Reads, Reservation, Decision> = {
  run: async (reads, reservations) => (await decideAll(reads, reservations)).decisions,
};

async function decideAll(
  reads: ConflictReads,
  candidates: readonly Reservation[],
): Promise<{
  readonly decisions: readonly Decision[];
  readonly renewed: RenewedCertificates;
  readonly states: IssuanceStates;
  readonly registrations: RegistrationsById;
}> {
  const [stored, renewed, revoked, states, registrations, transactions] = await together([
    existingFor(reads, candidates),
    renewedBy(reads, candidates),
    reads.revokedIssuers(),
    reads.issuanceStates(cardsAndHoldersOf(candidates.flatMap(({ records }) => records))),
    readRegistrations(reads, candidates),
    readCmpTransactions(reads, candidates),
  ]);
  const successors = await readSuccessors(reads, candidates);
  const updates = await readUpdateUses(reads, candidates.filter(isUpdate));
  const decisions = candidates.map((one): Decision => {
    const existing = withForeseen(stored, one.foreseen ?? []);
    const clash =
      transactions.conflict(one) ??
      issuerRevoked(revoked, one) ??
      endedCardOrBarredHolder(states, one) ??
      conflictOf(renewed, one) ??
      registrationConflict(registrations, one) ??
      successors.conflict(one) ??
      findClashes(existing, one);
    if (clash !== null) return { kind: 'refused', clash };
    const prevented = isUpdate(one)
      ? updateConflict({ ...updates, certificates: renewed, cards: states.cards }, one)
      : null;
    if (prevented !== null) return { kind: 'refused', clash: prevented };
    const duplicates = findDuplicates(existing, one);
    return duplicates.kind === 'none' ? { kind: 'reserved' } : duplicates;
  });
  return { decisions, renewed, states, registrations };
}

/**
 * Relying parties would reject such a certificate. Revocation and status of the CA's earlier
 * certificates go on.
 */
function issuerRevoked(revoked: RevokedIssuers, { records }: Reservation): OperationFailure | null {
  for (const { issuer } of records) {
    const reason = revoked.get(issuer)?.reason;
    if (reason !== undefined)
      return { kind: 'state-conflict', ...fault('issuer-not-revoked/issuing', { issuer, reason }) };
  }
  return null;
}

/** The pace is checked last, so that a line that is refused anyway does not wait for it. */
function paced(pace: Pace | null, one: Reservation, decision: Decision): Decision {
  if (decision.kind !== 'reserved' || one.paceCaps === null) return decision;
  const full = pace?.findFull(profilesOf(one), one.paceCaps) ?? null;
  return full === null ? decision : { kind: 'refused', clash: waitForPace(full, one.now) };
}

/** The quota is checked after the clashes, so that a request that is refused anyway is told why. */
function withinQuota(quotas: Quotas, one: Reservation, decision: Decision): Decision {
  const clash = decision.kind === 'reserved' ? quotas.refusal(wantedBy(one)) : null;
  return clash === null ? decision : { kind: 'refused', clash };
}

function wantedBy(one: Reservation): WantedUse {
  return { account: one.quotaOf, profiles: profilesOf(one) };
}

type RenewedCertificates = ReadonlyMap<string, CertificateRecord>;

/** The certificates to be renewed, and those that have signed for updates, as they are now. */
async function renewedBy(
  reads: Pick<Reads, 'certificatesByIds'>,
  candidates: readonly Reservation[],
): Promise<RenewedCertificates> {
  const ids = candidates.flatMap(({ records, update }) => [
    ...records.flatMap(({ renews }) => renews ?? []),
    ...(update === null ? [] : [update.signer.id]),
  ]);
  const found = ids.length === 0 ? [] : await reads.certificatesByIds([...new Set(ids)]);
  return new Map(found.map((record) => [record.id, record]));
}

/** A certificate to be renewed may have been revoked or suspended since it was read. */
function conflictOf(renewed: RenewedCertificates, { records, update, now }: Reservation): OperationFailure | null {
  const fromSuspended = update?.fromSuspended === true;
  for (const { renews } of records) {
    const old = renews === null ? undefined : renewed.get(renews);
    const conflict = old === undefined ? null : renewalConflict(old, { now, fromSuspended });
    if (conflict !== null) return conflict;
  }
  return null;
}

/**
 * Returns the requests that go on: those without an idempotency key, or the first one with theirs.
 */
async function claimAll(
  tx: Transaction,
  wave: readonly Reservation[],
  outcomes: Map<Reservation, ReservationOutcome>,
): Promise<readonly Reservation[]> {
  const claiming = wave.filter(({ claim }) => claim !== null);
  const [first] = claiming;
  if (first === undefined) return wave;
  const claims = claiming.flatMap(({ claim }) => (claim === null ? [] : [claim]));
  const claimed = await tx.claimIdempotency(claims, first.now);
  for (const [at, one] of claiming.entries()) {
    const outcome = present(claimed[at], 'outcome of a claim');
    if (outcome.kind !== 'claimed') outcomes.set(one, outcome);
  }
  return wave.filter((one) => !outcomes.has(one));
}

async function existingFor(
  reads: Pick<Reads, 'certificatesByKeys' | 'certificatesOfCards' | 'blockedKeys'>,
  candidates: readonly Reservation[],
): Promise<ExistingUses> {
  const records = candidates.flatMap((one) => one.records);
  const asked = [...new Set(records.map(({ spkiSha256 }) => spkiSha256))];
  const asksCards = candidates.some(({ environment, line }) => environment.cardsOfOneHolder || line !== null);
  const tokenIds = new Set(asksCards ? records.flatMap(({ cardTokenId }) => cardTokenId ?? []) : []);
  const [keys, blockedKeys, cards] = await together([
    reads.certificatesByKeys(asked),
    reads.blockedKeys(asked),
    reads.certificatesOfCards([...tokenIds]),
  ]);
  const blocked = new Set(blockedKeys.map(({ spkiSha256 }) => spkiSha256));
  return {
    byKey: (spkiSha256) => keys.filter((record) => record.spkiSha256 === spkiSha256 && isKeyProven(record)),
    isBlocked: (spkiSha256) => blocked.has(spkiSha256),
    onCard: (tokenId) => cards.filter((record) => record.cardTokenId === tokenId),
  };
}

function whereEvidenceIsFrom(record: CertificateRecord, renewed: RenewedCertificates): NewIntent['evidenceFrom'] {
  const old = record.renews === null ? undefined : renewed.get(record.renews);
  return old === undefined ? null : evidenceFrom(old, record);
}
