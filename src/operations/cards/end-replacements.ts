/**
 * Ends the replacements whose overlap is over: the certificates of the old card are revoked as
 * superseded, the card is returned, and the procedure is closed. While the new card has no live
 * certificate, the old ones stay, because the holder would have none.
 */
import { SYSTEM } from '../../audit/actors.js';
import type { Instant } from '../../kernel/clock.js';
import { HOUR_MS } from '../../kernel/duration.js';
import type { Result } from '../../kernel/result.js';
import { statusEvents, statusOf } from '../../lifecycle/certificate-states.js';
import type { StoredCard } from '../../ports/store/cards/cards.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Transaction } from '../../ports/store.js';
import { revokeRecords } from '../revocation/revoke-records.js';
import type { World } from '../world.js';
import { endCards } from './end-cards.js';

/** Limit of cards in one transaction, because all other transactions wait for it. */
const CARDS_A_PART = 50;
/** How much later a replacement is tried again if its new card has no live certificate. */
const POSTPONED_MS = HOUR_MS;

/** `more`: there may be others that are due. */
export async function endReplacements({
  store,
  log,
  statusChanged,
}: Pick<World, 'store' | 'log' | 'statusChanged'>): Promise<Result<'done' | 'more', StoreFailure>> {
  const touched: CertificateRecord[] = [];
  const ended = await store.transaction(async (tx) => {
    const { now } = await tx.databaseClock();
    const due = await tx.replacementsDue(now, CARDS_A_PART);
    const waiting: StoredCard[] = [];
    for (const card of due) {
      const revoked = await endReplacement(tx, card, now);
      if (revoked === null) waiting.push(card);
      else touched.push(...revoked);
    }
    return { count: due.length, waiting: waiting.length };
  });
  // Reported even if the result of the commit was lost, because it may have taken effect.
  if (touched.length > 0) statusChanged(touched);
  if (!ended.ok) return ended;
  const { count, waiting } = ended.value;
  if (waiting > 0) log.warn('replacements.waiting', { cards: waiting });
  return { ok: true, value: count < CARDS_A_PART ? 'done' : 'more' };
}

/** Returns what is revoked; null: the replacement is postponed. */
async function endReplacement(
  tx: Transaction,
  card: StoredCard,
  now: Instant,
): Promise<readonly CertificateRecord[] | null> {
  const { tokenId } = card;
  const by = card.replacedBy ?? '';
  const records = await tx.certificatesOfCards([tokenId, by]);
  // The new card may have got certificates of somebody else, because its number was mistyped.
  const isLive = (record: CertificateRecord): boolean =>
    record.holderId === card.holderId && statusOf(record, now) === 'issued';
  if (!records.some((record) => record.cardTokenId === by && isLive(record))) {
    await tx.setReplacement(tokenId, { by, until: now + POSTPONED_MS });
    return null;
  }
  const old = records.filter(({ cardTokenId }) => cardTokenId === tokenId);
  const revoked = await revokeRecords(tx, old, { reason: 'superseded', actor: SYSTEM, at: now });
  await tx.publish(statusEvents(revoked, now));
  const cards = [{ ...card, account: old.at(-1)?.accountId ?? null }];
  await endCards(tx, { cards, event: 'return', reason: 'replaced', actor: SYSTEM, at: now });
  return revoked;
}
