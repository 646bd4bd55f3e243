/**
 * Reads what a CRL lists, in one transaction that sees the database at one moment, however long the
 * encoding takes and whatever others write meanwhile. Rows come from an index with all columns of
 * an entry, in the order of the CRL.
 */
import { assert, present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import { DAY_MS } from '../../kernel/duration.js';
import { FINAL_REASONS } from '../../lifecycle/certificate-states.js';
import { scopeOf } from '../../policy/publication/crl-scopes.js';
import type { IssuerId } from '../../ports/signer.js';
import type { ListSeen, RevokedEntry, RevokedSnapshot, SnapshotRequest } from '../../ports/store/crls.js';
import type { RevocationReason } from '../../ports/store/statuses.js';
import type { Session } from '../engine/session.js';
import { isPostgresql } from '../schema/dialect.js';
import { integer, integerOrNull, textOrNull } from './columns.js';
import { readChanges } from './revoked-changes.js';
import { readSample } from './revoked-sample.js';

const ROWS_PER_PAGE = 2_000;

/**
 * How long before the previous full CRL a certificate must have ended, or have been revoked if that
 * was later, to be left out. An entry must stay until it has been on one regularly scheduled CRL
 * issued beyond the end of its certificate (RFC 5280 3.3). The day covers CRLs that were issued on
 * demand between scheduled ones, and revocations committed while a CRL was being read. A
 * superfluous entry does no harm.
 */
const LISTED_LONGER_MS = DAY_MS;

/**
 * Calls `use` with the revoked certificates. The session must be that of a snapshot: its first
 * statement fixes the moment that all later statements see.
 */
export async function readRevoked<Value>(
  session: Session,
  request: SnapshotRequest,
  use: (snapshot: RevokedSnapshot) => Promise<Value>,
): Promise<Value> {
  const seen: ListSeen = { change: await lastChange(session), listedSince: await listedSince(session, request) };
  const listed = listedOf(request, seen);
  return use({
    seen,
    count: () => count(session, listed),
    entries: () => entries(session, listed),
    changes: (base, entriesMax) => readChanges(session, { request, base, seen, entriesMax }),
    sample: (serialsFrom) => readSample(session, { request, seen, serialsFrom }),
  });
}

/**
 * Returns the number of the last change in the snapshot. Writers run one after the other, so
 * changes outside the snapshot have higher numbers than all changes in it.
 */
async function lastChange(session: Session): Promise<number> {
  const row = await session.first(session.db.raw('select max(id) as change from status_events where affects_status'));
  return row === null ? 0 : (integerOrNull(row, 'change') ?? 0);
}

/**
 * Returns the earliest end or change of status with which a revoked certificate is still listed: a
 * day before the last published full CRL; 0 for the first CRL, which lists everything. If a clock
 * was behind, a change since that CRL may have an earlier time; this time is then returned, so that
 * the change is listed.
 */
async function listedSince(session: Session, request: SnapshotRequest): Promise<Instant> {
  const since = await dayBeforePreviousCrl(session, request);
  const first = since === 0 ? null : await firstChangeSince(session, request);
  return Math.min(since, first ?? since);
}

/**
 * Returns the earliest time of the changes that no previous full CRL includes; null: there are
 * none.
 */
async function firstChangeSince(
  session: Session,
  { issuer, partition, thisUpdate }: SnapshotRequest,
): Promise<Instant | null> {
  const row = await session.first(
    session.db.raw(
      `select min(at) as at from status_events where issuer = ? and affects_status and id > coalesce((
        select seen_change from crls where issuer = ? and scope = ? and state = 'published' and this_update < ?
          order by number desc limit 1
      ), 0)`,
      [issuer, issuer, scopeOf('full', partition), thisUpdate],
    ),
  );
  return row === null ? null : integerOrNull(row, 'at');
}

/** Returns the thisUpdate of the last published full CRL, less one day; 0: there is none. */
async function dayBeforePreviousCrl(
  session: Session,
  { issuer, partition, thisUpdate }: SnapshotRequest,
): Promise<Instant> {
  const row = await session.first(
    session.db.raw(
      `select max(this_update) as at from crls where issuer = ? and scope = ? and state = 'published' and this_update < ?`,
      [issuer, scopeOf('full', partition), thisUpdate],
    ),
  );
  const at = row === null ? null : integerOrNull(row, 'at');
  return at === null ? 0 : at - LISTED_LONGER_MS;
}

/**
 * The last part of an SQL statement, which begins with its `from` clause, and the values of the
 * parameters in it.
 */
type ListedRows = { readonly sql: string; readonly bindings: readonly (IssuerId | number)[] };

function listedOf({ issuer, partition }: SnapshotRequest, { listedSince: since }: ListSeen): ListedRows {
  const part = partition === null ? '' : 'and crl_partition = ?';
  return {
    sql: `from certificates where issuer = ? ${part} and status in ('revoked', 'suspended')
      and (not_after >= ? or state_at >= ?)`,
    bindings: [issuer, ...(partition === null ? [] : [partition]), since, since],
  };
}

async function count(session: Session, { sql, bindings }: ListedRows): ReturnType<RevokedSnapshot['count']> {
  const statement = session.db.raw(
    `select count(*) as entries,
      coalesce(sum(case when status = 'suspended' or reason <> 'unspecified' then 1 else 0 end), 0) as reasons,
      coalesce(sum(case when invalidity_date is not null then 1 else 0 end), 0) as dates ${sql}`,
    [...bindings],
  );
  const row = present(await session.first(statement), 'a count');
  return {
    entries: integer(row, 'entries'),
    encodedReasons: integer(row, 'reasons'),
    encodedDates: integer(row, 'dates'),
  };
}

/**
 * Yields the entries, page by page. The database returns a page as one text, with four words for
 * each entry. A driver that makes an object for each of a million rows takes longer than everything
 * else in making a CRL (measured: 2.2 s of processor time against 0.5 s).
 */
async function* entries(session: Session, { sql, bindings }: ListedRows): AsyncIterable<readonly RevokedEntry[]> {
  const joined = isPostgresql(session.db) ? 'string_agg' : 'group_concat';
  const words = `serial || ' ' || state_at || ' ' || case when status = 'suspended' then 'certificateHold' else reason end
    || ' ' || coalesce(cast(invalidity_date as ${isPostgresql(session.db) ? 'text' : 'varchar'}), '')`;
  const page = `select ${joined}(${words}, ';') as entries from (
    select serial, status, state_at, reason, invalidity_date ${sql} and serial > ? order by serial limit ?
  ) as listed`;
  const readPage = async (after: string): Promise<readonly RevokedEntry[]> => {
    const row = await session.first(session.db.raw(page, [...bindings, after, ROWS_PER_PAGE]));
    return parseEntries((row === null ? null : textOrNull(row, 'entries')) ?? '');
  };
  let next: Promise<readonly RevokedEntry[]> | null = readPage('');
  try {
    while (next !== null) {
      const read: readonly RevokedEntry[] = await next;
      // The database reads the next page while this one is encoded.
      next = read.length < ROWS_PER_PAGE ? null : readPage(present(read.at(-1), 'last entry of a page').serial);
      // Handles a failure that comes before the next page is awaited; otherwise Node would report
      // an unhandled rejection.
      next?.catch(() => undefined);
      if (read.length > 0) yield read;
    }
  } finally {
    // A consumer that stops early leaves this query running, and nothing else awaits it.
    await next?.catch(() => undefined);
  }
}

const REASONS: ReadonlyMap<string, RevocationReason> = new Map(
  [...FINAL_REASONS, 'certificateHold' as const].map((reason) => [reason, reason]),
);

/**
 * Parses the text of a page. Its entries are ascending by serial number; the lint of the CRL checks
 * that.
 */
function parseEntries(text: string): readonly RevokedEntry[] {
  const found: RevokedEntry[] = [];
  for (let from = 0; from < text.length; ) {
    const next = text.indexOf(';', from);
    const end = next < 0 ? text.length : next;
    const first = text.indexOf(' ', from);
    const second = text.indexOf(' ', first + 1);
    const third = text.indexOf(' ', second + 1);
    assert(first > from && second > first && third > second && third < end, 'an entry of four words');
    found.push({
      serial: text.slice(from, first),
      at: instantOf(text.slice(first + 1, second)),
      reason: present(REASONS.get(text.slice(second + 1, third)), 'reason of a revoked certificate'),
      invalidityDate: third + 1 === end ? null : instantOf(text.slice(third + 1, end)),
    });
    from = end + 1;
  }
  return found;
}

function instantOf(word: string): Instant {
  const at = Number(word);
  assert(word !== '' && Number.isSafeInteger(at), 'an instant in milliseconds');
  return at;
}
