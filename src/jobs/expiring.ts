/**
 * Publishes an event 90, 30 and 7 days before the end of each certificate that is issued or
 * suspended then. When it has ended, its card is gone from its campaigns if it has no other
 * certificate. Each part and the position among the certificates are in one transaction, so that
 * each certificate is announced once, also after a long outage.
 */
import { SYSTEM } from '../audit/actors.js';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import type { Json } from '../kernel/json.js';
import { expiringEvent } from '../lifecycle/certificate-events.js';
import { noteEndedCards } from '../operations/campaigns/update-hooks.js';
import type { ExpiringCertificate, ExpiryPosition } from '../ports/store/outbox/events.js';
import type { Transaction } from '../ports/store.js';
import { type JobLease, orFail, type SharedJob, WHOLE } from './job.js';

/** 0: the certificate has ended. */
const DAYS_AHEAD = [90, 30, 7, 0] as const;
/** Limit of events in one transaction, because all other transactions wait for it. */
const CERTIFICATES_A_PART = 500;
/** Higher than the id of any certificate. */
const AFTER_ALL_IDS = 'g';

export const announceExpiry: SharedJob<unknown> = {
  name: 'expiring',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: HOUR_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: MINUTE_MS,
  isEssential: false,
  prepare: () => ({ due: async () => WHOLE, work: announce }),
};

/** The last certificates that were announced, by the number of days. */
type Positions = { readonly [days: string]: ExpiryPosition };

async function announce(leased: JobLease): Promise<'done' | 'more'> {
  let positions = (leased.cursor ?? {}) as Positions;
  for (const days of DAYS_AHEAD) {
    for (let isWhole = false; !isWhole; ) {
      if (leased.mustEnd()) return 'more';
      const before = positions;
      const part = orFail(await leased.transaction((tx) => announcePart(leased, tx, { days, positions: before })));
      positions = part.positions;
      isWhole = part.isLast;
    }
  }
  return 'done';
}

/**
 * Without a stored position, only certificates that come this near to their end from now on are
 * announced.
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
  const found = await tx.certificatesEnding({ after, until, limit: CERTIFICATES_A_PART });
  if (days === 0) await noteEndedCards(tx, cardsOf(found), { actor: SYSTEM, at: now });
  else await tx.publish(found.map((certificate) => expiringEvent(certificate, days, now)));
  const last = found.length < CERTIFICATES_A_PART ? undefined : found.at(-1);
  // A clock that was set back does not announce certificates again.
  const end = { notAfter: Math.max(until, after.notAfter), id: AFTER_ALL_IDS };
  const next = { ...positions, [days]: last === undefined ? end : { notAfter: last.notAfter, id: last.id } };
  await leased.setCursor(tx, next as Json);
  return { positions: next, isLast: last === undefined };
}

function cardsOf(certificates: readonly ExpiringCertificate[]): readonly string[] {
  return [...new Set(certificates.flatMap(({ cardTokenId }) => cardTokenId ?? []))];
}
