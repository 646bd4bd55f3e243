/**
 * Publishes an event when a certificate that is issued or suspended comes to within 90, 30 and 7
 * days of its end. When a certificate has ended, and all others of its card are expired or revoked,
 * the card leaves its campaigns. One transaction stores the events and the last certificate that
 * was announced, so that each certificate is announced once for each number of days, also after a
 * long outage.
 */
import { SYSTEM } from '../audit/actors.js';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import type { Json } from '../kernel/json.js';
import { expiringEvent } from '../lifecycle/certificate-states.js';
import { noteEndedCards } from '../operations/campaigns/update-hooks.js';
import type { ExpiringCertificate, ExpiryPosition } from '../ports/store/outbox/events.js';
import type { Transaction } from '../ports/store.js';
import { CLUSTER_ITEMS, type JobLease, type SharedJob, valueOrThrow } from './job.js';

/**
 * Numbers of days before the end of a certificate. 0 stands for the end itself, for which no event
 * is published.
 */
const DAYS_AHEAD = [90, 30, 7, 0] as const;
/** Limit of the certificates in one transaction, because all other transactions wait for it. */
const CERTIFICATES_PER_TRANSACTION_MAX = 500;
/** Sorts after the id of each certificate, because ids are hexadecimal. */
const AFTER_ALL_IDS = 'g';

export const announceExpiryJob: SharedJob<unknown> = {
  name: 'expiring',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: HOUR_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: MINUTE_MS,
  isEssential: false,
  prepare: () => ({ due: async () => CLUSTER_ITEMS, work: announce }),
};

/** The last certificate that was announced for each number of days. */
type Positions = { readonly [days: string]: ExpiryPosition };

async function announce(leased: JobLease): Promise<'done' | 'more'> {
  let positions = (leased.cursor ?? {}) as Positions;
  for (const days of DAYS_AHEAD) {
    for (let isWhole = false; !isWhole; ) {
      if (leased.mustEnd()) return 'more';
      const before = positions;
      const part = valueOrThrow(
        await leased.transaction((tx) => announcePart(leased, tx, { days, positions: before })),
      );
      positions = part.positions;
      isWhole = part.isLast;
    }
  }
  return 'done';
}

/**
 * Announces the next certificates for one number of days; for 0, the cards of certificates that
 * have ended leave their campaigns. If no position is stored yet, only certificates that come this
 * near to their end from now on are announced.
 */
async function announcePart(
  leased: JobLease,
  tx: Transaction,
  { days, positions }: { readonly days: number; readonly positions: Positions },
): Promise<{ readonly positions: Positions; readonly isLast: boolean }> {
  const { now } = await tx.databaseClock();
  // A certificate is still valid during the second of its notAfter.
  const until = days === 0 ? now - SECOND_MS : now + days * DAY_MS;
  const after = positions[days] ?? { notAfter: until, id: AFTER_ALL_IDS };
  const found = await tx.certificatesEnding({ after, until, limit: CERTIFICATES_PER_TRANSACTION_MAX });
  if (days === 0) await noteEndedCards(tx, cardsOf(found), { actor: SYSTEM, at: now });
  else await tx.publish(found.map((certificate) => expiringEvent(certificate, days, now)));
  const last = found.length < CERTIFICATES_PER_TRANSACTION_MAX ? undefined : found.at(-1);
  // The position never moves back, so that no certificate is announced again after the clock was
  // set back.
  const end = { notAfter: Math.max(until, after.notAfter), id: AFTER_ALL_IDS };
  const next = { ...positions, [days]: last === undefined ? end : { notAfter: last.notAfter, id: last.id } };
  await leased.setCursor(tx, next as Json);
  return { positions: next, isLast: last === undefined };
}

function cardsOf(certificates: readonly ExpiringCertificate[]): readonly string[] {
  return [...new Set(certificates.flatMap(({ cardTokenId }) => cardTokenId ?? []))];
}
