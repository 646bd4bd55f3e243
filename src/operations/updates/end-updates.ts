/**
 * What the revocation of certificates means for the updates and campaigns of their cards, in its
 * transaction. An update whose new certificates are all revoked has ended. If it was undetermined
 * and every old certificate has ended, the card can only use the new ones, so they count as
 * confirmed. A card on which no certificate is left is gone from its campaigns.
 */
import type { Instant } from '../../kernel/clock.js';
import { statusOf } from '../../lifecycle/certificate-states.js';
import { decideUpdateState } from '../../lifecycle/update-states.js';
import type { CardUpdate } from '../../ports/store/cards/card-updates.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Transaction } from '../../ports/store.js';
import { noteEndedCards, noteUpdates } from '../campaigns/update-hooks.js';
import { failedMove } from './campaign-moves.js';
import { type ConfirmedUpdate, confirmUpdates } from './change-updates.js';
import { endedEvent } from './update-entries.js';

type Cause = { readonly actor: string; readonly at: Instant };

/**
 * Called wherever certificates are revoked, whoever does it. `revoked`: in their new states.
 */
export async function followRevocations(
  tx: Transaction,
  revoked: readonly CertificateRecord[],
  cause: Cause,
): Promise<void> {
  const cards = revoked.flatMap(({ cardTokenId, state }) => (state.status === 'revoked' ? (cardTokenId ?? []) : []));
  if (cards.length === 0) return;
  const tokenIds = [...new Set(cards)];
  await endUpdatesOf(tx, tokenIds, cause);
  await noteEndedCards(tx, tokenIds, cause);
}

async function endUpdatesOf(tx: Transaction, tokenIds: readonly string[], { actor, at }: Cause): Promise<void> {
  const live = await tx.liveUpdatesOf(tokenIds);
  if (live.length === 0) return;
  const { now } = await tx.databaseClock();
  const records = await recordsOf(tx, live);
  const ended = live.filter(({ newIds }) => newIds.every((id) => records.get(id)?.state.status === 'revoked'));
  await endUpdates(tx, ended, { actor, at, now, reason: 'revoked' });
  const decided = live.filter((one) => !ended.includes(one) && isDecidedByTime(one, records, now));
  await confirmUpdates(tx, decided.map(confirmedByTime), { actor, now, at });
}

/** Ends the live updates of cards that are opposed or returned. */
export async function endUpdatesOfCards(
  tx: Transaction,
  tokenIds: readonly string[],
  { actor, at }: Cause,
): Promise<void> {
  const { now } = await tx.databaseClock();
  await endUpdates(tx, await tx.liveUpdatesOf(tokenIds), { actor, at, now, reason: 'card-ended' });
}

type End = Cause & { readonly now: Instant; readonly reason: 'revoked' | 'card-ended' };

async function endUpdates(
  tx: Transaction,
  updates: readonly CardUpdate[],
  { actor, at, now, reason }: End,
): Promise<void> {
  const ending = updates.flatMap((update) => {
    const next = decideUpdateState(update.state, 'end');
    return next.ok ? [{ update, state: next.value }] : [];
  });
  if (ending.length === 0) return;
  const ended = ending.map(({ update }) => update);
  await tx.changeUpdates(
    ending.map(({ update: { id, version, state: from }, state }) => ({
      id,
      version,
      from,
      state,
      stateAt: now,
      dueAt: null,
      endedBy: actor,
      detail: reason,
    })),
  );
  await tx.closeProcedures(
    'update',
    ended.map(({ id }) => id),
  );
  await tx.appendAudit(ended.map((one) => endedEvent(one, { state: 'ended', reason, actor, at })));
  // A card that has ended is gone from its campaigns.
  if (reason === 'revoked') await noteUpdates(tx, ended.map(failedMove), { actor, at: now });
}

/** Old and new certificates of the updates, by id. */
export async function recordsOf(
  tx: Pick<Transaction, 'certificatesByIds'>,
  updates: readonly CardUpdate[],
): Promise<ReadonlyMap<string, CertificateRecord>> {
  const found = await tx.certificatesByIds(updates.flatMap(({ oldIds, newIds }) => [...oldIds, ...newIds]));
  return new Map(found.map((record) => [record.id, record]));
}

/** Whether the update is undetermined, and the card can only use the new certificates. */
export function isDecidedByTime(
  update: CardUpdate,
  records: ReadonlyMap<string, CertificateRecord>,
  now: Instant,
): boolean {
  return update.state === 'undetermined' && hasOldEnded(update, records, now);
}

/** An update that is confirmed by time alone: neither the card nor officers have confirmed it. */
export function confirmedByTime(update: CardUpdate): ConfirmedUpdate {
  return { update, endedBy: 'system', statement: null };
}

/** Whether every old certificate was revoked or has expired. */
export function hasOldEnded(
  { oldIds }: CardUpdate,
  records: ReadonlyMap<string, CertificateRecord>,
  now: Instant,
): boolean {
  return oldIds.every((id) => {
    const record = records.get(id);
    const status = record === undefined ? null : statusOf(record, now);
    return status === 'revoked' || status === 'expired';
  });
}
