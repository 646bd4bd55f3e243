/**
 * Finds days on which certificates are missing in the journals of the signers. A signer writes an
 * entry before it signs. So if an issuer has more signed certificates of a day than entries, a node
 * does not compare its journal, or a journal was lost, or somebody has written a certificate into
 * the database without a signer. More entries than certificates are normal, because two members of
 * a signer group may sign the same bytes. A day is checked for the first time two days later,
 * because all nodes have compared their journals with the database by then. The clock of the
 * database says which day it is: with that of a node, a day could be checked too early.
 */
import type { AuditDetails } from '../../audit/events.js';
import { formatInstant } from '../../kernel/clock.js';
import { DAY_MS, MINUTE_MS } from '../../kernel/duration.js';
import type { World } from '../../operations/world.js';
import { CLUSTER_ITEMS, type JobLease, type ReadingStore, type SharedJob, valueOrThrow } from '../job.js';

type JournalCountParts = Pick<World, 'clock' | 'log'> & { readonly store: ReadingStore };

/**
 * Each attempt compares the numbers of certificates and of journal entries of each day from `first`
 * to `last` days ago.
 */
const DAYS_AGO = { first: 8, last: 2 } as const;
/**
 * Limit of the findings that the cursor has. Findings beyond it are recorded again on the next day.
 */
const REPORTED_MAX = 400;

export const countJournalsJob: SharedJob<JournalCountParts> = {
  name: 'journal-counts',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: DAY_MS,
  leaseDurationMs: MINUTE_MS,
  budgetMs: 10 * MINUTE_MS,
  isEssential: false,
  prepare: (parts) => ({ due: async () => CLUSTER_ITEMS, work: (leased) => compareDays(parts, leased) }),
};

/**
 * Compares the numbers of each day, logs each finding, and records new findings in the audit log.
 * The cursor has those that are recorded already, because each attempt finds them again.
 */
async function compareDays({ store, clock, log }: JournalCountParts, leased: JobLease): Promise<'done'> {
  const { now } = valueOrThrow(await store.read((reads) => reads.databaseClock()));
  const today = Math.floor(now / DAY_MS);
  const found: AuditDetails<'journal.incomplete'>[] = [];
  for (let day = today - DAYS_AGO.first; day <= today - DAYS_AGO.last; day += 1) {
    const incomplete = valueOrThrow(await store.read((reads) => reads.incompleteJournals(day)));
    const date = formatInstant(day * DAY_MS).slice(0, 10);
    found.push(...incomplete.map((one) => ({ day: date, ...one })));
  }
  for (const one of found) log.error('journal.incomplete', one);
  const recorded = new Set((leased.cursor ?? []) as readonly string[]);
  const fresh = found.filter((one) => !recorded.has(JSON.stringify(one)));
  const isSame = fresh.length === 0 && recorded.size === found.length;
  if (isSame) return 'done';
  valueOrThrow(
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
