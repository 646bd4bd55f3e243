/**
 * Finds certificates that no journal has, day by day. A signer writes an entry before it signs, so
 * an issuer with more signed certificates than entries lacks a journal: its node does not compare
 * it, or it was lost, or the certificate was written into the database without a signer. More
 * entries than certificates are normal, because two members of a signer group may sign the same
 * bytes. A day is first compared two days later, so that all nodes have read their journals.
 */
import type { AuditDetails } from '../../audit/events.js';
import { formatInstant } from '../../kernel/clock.js';
import { DAY_MS, MINUTE_MS } from '../../kernel/duration.js';
import type { World } from '../../operations/world.js';
import { type JobLease, orFail, type ReadingStore, type SharedJob, WHOLE } from '../job.js';

type JournalCountParts = Pick<World, 'clock' | 'log'> & { readonly store: ReadingStore };

/** Each day is compared daily, from `last` days after it until `first` days after it. */
const DAYS = { first: 8, last: 2 } as const;
/** More than these are recorded again on the next day. */
const REPORTED_MAX = 400;

export const countJournals: SharedJob<JournalCountParts> = {
  name: 'journal-counts',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: DAY_MS,
  leaseDurationMs: MINUTE_MS,
  budgetMs: 10 * MINUTE_MS,
  isEssential: false,
  prepare: (parts) => ({ due: async () => WHOLE, work: (leased) => compareDays(parts, leased) }),
};

/** The cursor has what was recorded already, because the same is found again each day. */
async function compareDays({ store, clock, log }: JournalCountParts, leased: JobLease): Promise<'done'> {
  const today = Math.floor(clock() / DAY_MS);
  const found: AuditDetails<'journal.incomplete'>[] = [];
  for (let day = today - DAYS.first; day <= today - DAYS.last; day += 1) {
    const incomplete = orFail(await store.read((reads) => reads.incompleteJournals(day)));
    const date = formatInstant(day * DAY_MS).slice(0, 10);
    found.push(...incomplete.map((one) => ({ day: date, ...one })));
  }
  for (const one of found) log.error('journal.incomplete', one);
  const recorded = new Set((leased.cursor ?? []) as readonly string[]);
  const fresh = found.filter((one) => !recorded.has(JSON.stringify(one)));
  const isSame = fresh.length === 0 && recorded.size === found.length;
  if (isSame) return 'done';
  orFail(
    await leased.transaction(async (tx) => {
      await leased.setCursor(
        tx,
        found.slice(0, REPORTED_MAX).map((one) => JSON.stringify(one)),
      );
      const type = 'journal.incomplete';
      await tx.appendAudit(fresh.map((details) => ({ at: clock(), type, actor: 'system', details })));
    }),
  );
  return 'done';
}
