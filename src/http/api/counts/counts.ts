/**
 * Handlers of counts: certificates that were issued and revoked on each day, and certificates that
 * end soon.
 */
import { present } from '../../../kernel/assert.js';
import { formatInstant, instantOrNull, parseInstant } from '../../../kernel/clock.js';
import { DAY_MS } from '../../../kernel/duration.js';
import { LIMITS } from '../../../kernel/limits.js';
import { err, ok } from '../../../kernel/result.js';
import { countExpiring, countExpiringOfStructures } from '../../../operations/counts/count-expiring.js';
import { readCounts } from '../../../operations/counts/read-counts.js';
import { violation } from '../../../texts/text.js';
import type { Handler } from '../handler.js';

export const getCounts: Handler = async ({ world }, { account, query }) => {
  const [from, to] = [dayOf(query.from), dayOf(query.to)];
  if (from === null) return err({ kind: 'invalid-request', ...violation('?/from', 'day-in-calendar') });
  if (to === null) return err({ kind: 'invalid-request', ...violation('?/to', 'day-in-calendar') });
  if (to < from || to - from >= LIMITS.countedDaysMax)
    return err({ kind: 'invalid-request', ...violation('?/to', 'counted-days', { max: LIMITS.countedDaysMax }) });
  const read = await readCounts(world, account, { from, to });
  if (!read.ok) return read;
  const { counts, countedAt } = read.value;
  return ok({
    counts: counts.map(({ day, issuer, profile, issued, revoked }) => ({
      day: writeDay(day),
      ca: present(world.issuers.byId(issuer), 'issuer of certificates').authority,
      issuer,
      profile,
      issued,
      revoked,
    })),
    countedAt: instantOrNull(countedAt),
  });
};

export const getExpiring: Handler = async ({ world }, { account, query }) => {
  const counted = await countExpiring(world, account, { days: Number(query.days) });
  if (!counted.ok) return counted;
  const { rows, countedUntil } = counted.value;
  const weeks = rows.map(({ profile, week, count }) => ({ profile, week: writeDay(mondayOf(week)), count }));
  return ok({ weeks, countedUntil: formatInstant(countedUntil) });
};

export const getExpiringOfStructures: Handler = async ({ world }, { account, query }) => {
  const { profile = '', days } = query;
  const counted = await countExpiringOfStructures(world, account, { days: Number(days), profile });
  if (!counted.ok) return counted;
  const { rows, countedUntil } = counted.value;
  const structures = rows.map(({ structureId, count }) => ({ structure: structureId, count }));
  return ok({ structures, countedUntil: formatInstant(countedUntil) });
};

/** Returns the day as a number of days since 1970-01-01; null: the calendar has no such day. */
function dayOf(text = ''): number | null {
  const at = parseInstant(`${text}T00:00:00Z`);
  return at === null ? null : at / DAY_MS;
}

function writeDay(day: number): string {
  return formatInstant(day * DAY_MS).slice(0, 10);
}

/**
 * Returns the first day of a week as days since 1970-01-01. Week 0 begins on Monday, 5 January
 * 1970.
 */
function mondayOf(week: number): number {
  return 7 * week + 4;
}
