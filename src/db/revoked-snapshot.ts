/**
 * What a CRL lists, read in one transaction that sees one moment, however long the encoding takes and whoever writes
 * meanwhile. Rows come from an index that has all columns a list needs, in the list's order.
 */
import { present } from '../kernel/assert.js';
import type { Instant } from '../kernel/clock.js';
import { DAY_MS } from '../kernel/duration.js';
import type { IssuerId } from '../ports/signer.js';
import type { RevokedEntry, RevokedSnapshot } from '../ports/store.js';
import { stateOf } from './certificate-row.js';
import { integer, integerOrNull, type Row, text } from './columns.js';
import type { Session } from './session.js';

const ROWS_PER_PAGE = 2_000;

/**
 * An entry stays until it has been on one regularly scheduled list issued beyond its certificate's end (RFC 5280 3.3), and
 * so does one that was revoked after that end. The day covers lists issued on demand between scheduled ones, and
 * revocations committed while a list was being read: an entry too many harms nobody.
 */
const LISTED_LONGER_MS = DAY_MS;

const LISTED = `from certificates where issuer = ? and status in ('revoked', 'suspended')
  and (not_after >= ? or state_at >= ?)`;

/** The session is that of a snapshot: the first statement that reads fixes the moment that all later ones see. */
export async function readRevoked<Value>(
  session: Session,
  { issuer, thisUpdate }: { readonly issuer: IssuerId; readonly thisUpdate: Instant },
  use: (snapshot: RevokedSnapshot) => Promise<Value>,
): Promise<Value> {
  const since = await listedSince(session, issuer, thisUpdate);
  return use({
    count: () => count(session, [issuer, since, since]),
    entries: () => entries(session, [issuer, since, since]),
  });
}

/** From the last list published before this one; a first list has everything. */
async function listedSince(session: Session, issuer: IssuerId, thisUpdate: Instant): Promise<Instant> {
  const row = await session.first(
    session.db.raw(
      `select max(this_update) as at from crls where issuer = ? and scope = 'full' and state = 'published' and this_update < ?`,
      [issuer, thisUpdate],
    ),
  );
  const at = row === null ? null : integerOrNull(row, 'at');
  return at === null ? 0 : at - LISTED_LONGER_MS;
}

type Bindings = readonly [issuer: IssuerId, notAfter: Instant, revokedAt: Instant];

async function count(session: Session, bindings: Bindings): ReturnType<RevokedSnapshot['count']> {
  const statement = session.db.raw(
    `select count(*) as entries,
      coalesce(sum(case when status = 'suspended' or reason <> 'unspecified' then 1 else 0 end), 0) as reasons,
      coalesce(sum(case when invalidity_date is not null then 1 else 0 end), 0) as dates ${LISTED}`,
    [...bindings],
  );
  const row = present(await session.first(statement), 'a count');
  return {
    entries: integer(row, 'entries'),
    encodedReasons: integer(row, 'reasons'),
    encodedDates: integer(row, 'dates'),
  };
}

async function* entries(session: Session, bindings: Bindings): AsyncIterable<readonly RevokedEntry[]> {
  for (let after = ''; ; ) {
    const page = await session.rows(
      session.db.raw(
        `select serial, status, state_at, reason, invalidity_date ${LISTED} and serial > ? order by serial limit ?`,
        [...bindings, after, ROWS_PER_PAGE],
      ),
    );
    const last = page.at(-1);
    if (last === undefined) return;
    yield page.map(entryOf);
    if (page.length < ROWS_PER_PAGE) return;
    after = text(last, 'serial');
  }
}

function entryOf(row: Row): RevokedEntry {
  const state = stateOf(row);
  const serial = text(row, 'serial');
  return {
    serial,
    at: integer(row, 'state_at'),
    reason: state.status === 'revoked' ? state.reason : 'certificateHold',
    invalidityDate: integerOrNull(row, 'invalidity_date'),
  };
}
