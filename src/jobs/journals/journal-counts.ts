/**
 * Finds certificates that no journal has, day by day. A signer writes an entry before it signs, so
 * an issuer with more signed certificates than entries lacks a journal: its node does not compare
 * it, or it was lost, or the certificate was written into the database without a signer. More
 * entries than certificates are normal, because two members of a signer group may sign the same
 * bytes. A day is compared when two more have passed, so that all nodes have read their journals.
 */
import type { AuditDetails } from '../../audit/events.js';
import { formatInstant } from '../../kernel/clock.js';
import { DAY_MS } from '../../kernel/duration.js';
import type { World } from '../../operations/world.js';
import type { Job } from '../job.js';

type JournalCountParts = Pick<World, 'store' | 'clock' | 'log'>;

/** Days before today, of which the first is compared for the last time. */
const DAYS = { first: 8, last: 2 } as const;
const REPORTED_MARK = 'journal-incomplete';

export const countJournals: Job<JournalCountParts> = {
  name: 'journal-counts',
  everyMs: DAY_MS,
  leaseDurationMs: null,
  alsoRuns: ['at-start'],
  prepare: (parts) => ({ run: () => compareDays(parts) }),
};

async function compareDays({ store, clock, log }: JournalCountParts): Promise<void> {
  const today = Math.floor(clock() / DAY_MS);
  const found: AuditDetails<'journal.incomplete'>[] = [];
  for (let day = today - DAYS.first; day <= today - DAYS.last; day += 1) {
    const incomplete = await store.read((reads) => reads.incompleteJournals(day));
    if (!incomplete.ok) return log.error('reconcile.failed', { detail: incomplete.error.detail });
    const date = formatInstant(day * DAY_MS).slice(0, 10);
    found.push(...incomplete.value.map((one) => ({ day: date, ...one })));
  }
  for (const one of found) log.error('journal.incomplete', one);
  const recorded = await store.transaction(async (tx) => {
    // Several services find the same, each day again.
    const reported = new Set(JSON.parse((await tx.mark(REPORTED_MARK)) ?? '[]') as readonly string[]);
    const fresh = found.filter((one) => !reported.has(JSON.stringify(one)));
    if (fresh.length === 0 && reported.size === found.length) return;
    await tx.setMark(REPORTED_MARK, JSON.stringify(found.map((one) => JSON.stringify(one))));
    const type = 'journal.incomplete';
    await tx.appendAudit(fresh.map((details) => ({ at: clock(), type, actor: 'system', details })));
  });
  if (!recorded.ok) log.error('reconcile.failed', { detail: recorded.error.detail });
}
