/**
 * The part of a reservation that belongs to a remote update: what prevents it, and its row, its
 * procedure, its proof and its audit entry, in the transaction that spends the serial numbers.
 */
import { SYSTEM } from '../../audit/actors.js';
import { causedBy } from '../../audit/entry.js';
import type { AuditEvent } from '../../audit/events.js';
import { assert } from '../../kernel/assert.js';
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { DAY_MS } from '../../kernel/duration.js';
import { LIMITS } from '../../kernel/limits.js';
import type { CardProof, CardUpdate } from '../../ports/store/cards/card-updates.js';
import type { CardCapabilities, IssuanceStates, OpenProcedure } from '../../ports/store/cards/cards.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Reads, Transaction } from '../../ports/store.js';
import { fault, violation } from '../../texts/text.js';
import { updateKeysSha256 } from '../../updates/statement.js';
import { noteUpdates } from '../campaigns/update-hooks.js';
import type { OperationFailure } from '../failures.js';
import { signerChanged } from './card-proofs.js';

/** A remote update that asks for certificates (`begin.ts`). */
export type NewUpdate = Pick<
  CardUpdate,
  | 'id'
  | 'cardTokenId'
  | 'accountId'
  | 'campaignId'
  | 'confirmWithinMs'
  | 'overlapMs'
  | 'supersede'
  | 'channel'
  | 'reader'
  | 'middleware'
> & {
  /** The certificates that are replaced, in the order of the requests. */
  readonly replaced: readonly CertificateRecord[];
  readonly procedure: Pick<OpenProcedure, 'holderId' | 'profession'>;
  readonly proof: Omit<CardProof, 'acceptedAt'>;
  /** As read from the card just now; null: nothing new was read. */
  readonly capabilities: Omit<CardCapabilities, 'reportedAt' | 'reportedBy'> | null;
  /** The certificate whose key has signed, as it was then. */
  readonly signer: CertificateRecord;
  readonly perDayMax: number;
  /** Whether a campaign lets suspended keys begin. */
  readonly fromSuspended: boolean;
};

/** The part of a reservation that concerns its update. */
type MaybeUpdate = {
  readonly update: NewUpdate | null;
  /** In the order of its requests. */
  readonly records: readonly CertificateRecord[];
  readonly requestId: string | undefined;
  readonly actor: string;
  readonly now: Instant;
};

type UpdateReservation = MaybeUpdate & { readonly update: NewUpdate };

export function isUpdate<One extends MaybeUpdate>(one: One): one is One & UpdateReservation {
  return one.update !== null;
}

/** What the database has about the cards, keys and holders of a group of updates. */
type UpdateUses = {
  readonly live: ReadonlyMap<string, CardUpdate>;
  readonly byKeys: ReadonlyMap<string, CardUpdate>;
  readonly begunToday: ReadonlyMap<string, number>;
  readonly procedures: ReadonlyMap<string, OpenProcedure>;
};

export type UpdateUseReads = Pick<
  Reads,
  'liveUpdatesOf' | 'updatesByKeys' | 'countUpdatesSince' | 'proceduresOf' | 'databaseClock'
>;

const NO_UPDATES: UpdateUses = {
  live: new Map(),
  byKeys: new Map(),
  begunToday: new Map(),
  procedures: new Map(),
};

/** Reads for all updates of a group at once. */
export async function readUpdateUses(
  reads: UpdateUseReads,
  reservations: readonly Pick<UpdateReservation, 'update' | 'records'>[],
): Promise<UpdateUses> {
  if (reservations.length === 0) return NO_UPDATES;
  const { now } = await reads.databaseClock();
  const tokenIds = reservations.map(({ update }) => update.cardTokenId);
  const keys = reservations.map(({ records }) => updateKeysSha256(records));
  const holders = reservations.map(({ update }) => update.procedure.holderId);
  const live = await reads.liveUpdatesOf(tokenIds);
  const byKeys = await reads.updatesByKeys(keys);
  const procedures = await reads.proceduresOf([...new Set(holders)]);
  return {
    live: new Map(live.map((one) => [one.cardTokenId, one])),
    byKeys: new Map(byKeys.map((one) => [one.keysSha256, one])),
    begunToday: await reads.countUpdatesSince(tokenIds, now - DAY_MS),
    procedures: new Map(procedures.map((one) => [procedureName(one), one])),
  };
}

/** Requests with the same name are reserved one after the other. */
export function procedureName({ holderId, profession }: Pick<OpenProcedure, 'holderId' | 'profession'>): string {
  return `procedure ${profession} ${holderId}`;
}

type ReservedUses = UpdateUses &
  Pick<IssuanceStates, 'cards'> & {
    /** By id, as they are now; those that have signed for updates are among them. */
    readonly certificates: ReadonlyMap<string, CertificateRecord>;
  };

/** null: nothing prevents the update. */
export function updateConflict(
  uses: ReservedUses,
  { update, records }: Pick<UpdateReservation, 'update' | 'records'>,
): OperationFailure | null {
  const same = uses.byKeys.get(updateKeysSha256(records));
  // Another request has begun the same update since this one looked for it.
  if (same?.cardTokenId === update.cardTokenId) return { kind: 'in-progress', retryAfterMs: LIMITS.inProgressRetryMs };
  if (same !== undefined)
    return { kind: 'key-rejected', violations: [violation('/requests/0/csr', 'key-differs/elsewhere')] };
  const live = uses.live.get(update.cardTokenId);
  if (live !== undefined) return liveConflict(live, update.proof.certificateId);
  const changed = signerChanged(update.signer, uses.certificates);
  if (changed !== null) return changed;
  const open = uses.procedures.get(procedureName(update.procedure));
  // The replacement of this card may have begun under another profession of its holder.
  const isReplaced = (uses.cards.get(update.cardTokenId)?.replacedUntil ?? null) !== null;
  if (open !== undefined || isReplaced)
    return { kind: 'state-conflict', ...fault('procedure-open', { holder: update.procedure.holderId }) };
  const count = uses.begunToday.get(update.cardTokenId) ?? 0;
  if (count < update.perDayMax) return null;
  return {
    kind: 'policy-violated',
    violations: [violation('', 'updates-per-day', { count, max: update.perDayMax })],
  };
}

/** `signer`: the id of the certificate whose key has signed for another update. */
export function liveConflict({ id: update, state, newIds, dueAt }: CardUpdate, signer: string): OperationFailure {
  const refused =
    state === 'confirmed' && dueAt !== null
      ? fault('update-live/overlap', { update, until: formatInstant(dueAt) })
      : fault(newIds.includes(signer) ? 'update-live/confirm' : 'update-live', { update, state });
  return { kind: 'state-conflict', ...refused };
}

/** Stores the rows of updates whose certificates are reserved in this transaction. */
export async function insertUpdates(tx: Transaction, reservations: readonly UpdateReservation[]): Promise<void> {
  if (reservations.length === 0) return;
  const { now } = await tx.databaseClock();
  await tx.insertUpdates(reservations.map((one) => updateOf(one, now)));
  await tx.insertCardProofs(reservations.map(({ update: { proof } }) => ({ ...proof, acceptedAt: now })));
  const opened = await tx.openProcedures(
    reservations.map(({ update: { id, procedure } }) => ({
      ...procedure,
      kind: 'update',
      reference: id,
      openedAt: now,
    })),
  );
  assert(opened === reservations.length, 'the procedures of updates were free in this transaction');
  const reported = reservations.flatMap(({ update: { cardTokenId, capabilities }, actor, now: at }) =>
    capabilities === null ? [] : [{ cardTokenId, capabilities, actor, at }],
  );
  await tx.setCapabilities(
    reported.map(({ cardTokenId: tokenId, capabilities, actor }) => ({
      tokenId,
      capabilities: { ...capabilities, reportedAt: now, reportedBy: actor },
    })),
  );
  await tx.appendAudit(
    reported.map(({ cardTokenId: card, capabilities, actor, at }) => ({
      at,
      type: 'card.capabilities',
      actor,
      details: { card, ...capabilities },
    })),
  );
  await tx.appendAudit(reservations.map(begunEvent));
  const begun = reservations.map(({ update: { cardTokenId, reader, middleware } }) => ({
    cardTokenId,
    event: 'begin' as const,
    reader: { reader, middleware },
  }));
  await noteUpdates(tx, begun, { actor: SYSTEM, at: now });
}

function updateOf({ update, records }: UpdateReservation, now: Instant): CardUpdate {
  return {
    id: update.id,
    cardTokenId: update.cardTokenId,
    accountId: update.accountId,
    campaignId: update.campaignId,
    confirmWithinMs: update.confirmWithinMs,
    overlapMs: update.overlapMs,
    supersede: update.supersede,
    channel: update.channel,
    reader: update.reader,
    middleware: update.middleware,
    state: 'issuing',
    stateAt: now,
    begunAt: now,
    offeredAt: null,
    dueAt: null,
    oldIds: update.replaced.map(({ id }) => id),
    newIds: records.map(({ id }) => id),
    keysSha256: updateKeysSha256(records),
    endedBy: null,
    detail: null,
    version: 1,
  };
}

function begunEvent({ update, records, requestId, actor, now: at }: UpdateReservation): AuditEvent {
  const { id, cardTokenId: card, channel, proof, replaced } = update;
  const certificates = { old: replaced.map((one) => one.id), new: records.map((one) => one.id) };
  const details = { id, card, ...certificates, channel, certificate: proof.certificateId, proof: proof.sha256 };
  return causedBy(requestId, { at, type: 'update.begun', actor, details });
}
