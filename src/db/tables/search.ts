/**
 * Searches certificates, page by page. A search walks along one index, which its most selective
 * criterion chooses, and compares the rows with its other criteria and with the scope of the
 * account (ops/decisions/0072). The number of rows that it examines for one page is limited, so
 * that no search reads ten million of them. The cursor is a position in the order of the rows
 * (keyset pagination), so pages neither skip nor repeat rows while certificates are issued.
 */
import type { Knex } from 'knex';
import { assert } from '../../kernel/assert.js';
import { type Instant, toSecond } from '../../kernel/clock.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { orderRoute } from '../../orders/progress.js';
import type { AccountScope } from '../../ports/store/accounts.js';
import type {
  CertificateFilter,
  CertificateRecord,
  CertificateSummary,
  CursorMalformed,
  Page,
} from '../../ports/store/certificates.js';
import { placeholders } from '../engine/many-rows.js';
import type { Session } from '../engine/session.js';
import { IS_CERTIFICATE } from '../schema/certificates.js';
import { certificateOf, SUMMARY_COLUMNS, summaryOf } from './certificate-row.js';
import { integer, type Row, text } from './columns.js';

/** Limit for the rows that are compared with the other criteria for one page. */
export const EXAMINED_MAX = 10_000;

type Position = { readonly id: string; readonly notAfter: Instant };

type RowOrder = {
  /** The order of the rows: by ids, which ascend in time, or by the ends of the certificates. */
  readonly by: 'id' | 'end';
  readonly ascends: boolean;
  /**
   * Set if the rows of the index are not in this order, so that the database has to sort them. They
   * are few: the certificates of a card or of a holder.
   */
  readonly isSorted?: true;
  /** Restricts the query to the part of an index along which the search walks. */
  readonly narrow: (query: Knex.QueryBuilder) => Knex.QueryBuilder;
};

/** Searches and returns whole records, for accounts that may see names. */
export function search(
  session: Session,
  filter: CertificateFilter,
): Promise<Result<Page<CertificateRecord>, CursorMalformed>> {
  return searchRows(session, filter, { columns: ['*'], itemOf: certificateOf });
}

export function searchSummaries(
  session: Session,
  filter: CertificateFilter,
): Promise<Result<Page<CertificateSummary>, CursorMalformed>> {
  return searchRows(session, filter, { columns: SUMMARY_COLUMNS, itemOf: summaryOf });
}

type Shape<Item> = { readonly columns: readonly string[]; readonly itemOf: (row: Row) => Item };

async function searchRows<Item extends Position>(
  session: Session,
  filter: CertificateFilter,
  { columns, itemOf }: Shape<Item>,
): Promise<Result<Page<Item>, CursorMalformed>> {
  const { limit, cursor, scope, serials } = filter;
  // The list is empty if no certificate can have the serial number of the filter.
  if (serials?.length === 0) return ok({ items: [], next: null });
  assert(Number.isInteger(limit) && limit >= 1 && limit <= LIMITS.searchPageSizeMax, 'a page has a size');
  const rowOrder = rowOrderOf(filter);
  const after = cursor === undefined ? undefined : decodeCursor(rowOrder, cursor);
  if (after === null) return err({ kind: 'cursor-malformed' });
  const walked = (): Knex.QueryBuilder => {
    const query = rowOrder.narrow(session.db('certificates'));
    if (rowOrder.by === 'id') applyIssuance(query, filter);
    if (after !== undefined) comparePosition(query, rowOrder, { is: 'after', at: after });
    return query.orderByRaw(
      columnsOf(rowOrder)
        .map((column) => `${column} ${rowOrder.ascends ? 'asc' : 'desc'}`)
        .join(', '),
    );
  };
  const [lastExamined] = await session.rows(
    walked()
      .select(...POSITION_COLUMNS[rowOrder.by])
      .offset(EXAMINED_MAX - 1)
      .limit(1),
  );
  const end = lastExamined === undefined ? null : positionOf(rowOrder, lastExamined);
  // Intents, whether open or abandoned, are no certificates, and are not shown.
  const query = walked()
    .select(...columns)
    .whereRaw(IS_CERTIFICATE);
  applyFilter(query, filter);
  if (rowOrder.by === 'end') compareIssuance(query, filter);
  if (scope !== undefined) applyScope(query, scope);
  if (end !== null) comparePosition(query, rowOrder, { is: 'up-to', at: end });
  const rows = await session.rows(query.limit(limit + 1));
  const items = rows.slice(0, limit).map(itemOf);
  const last = rows.length > limit ? (items.at(-1) ?? null) : end;
  return ok({ items, next: last === null ? null : encodeCursor(rowOrder, last) });
}

const POSITION_COLUMNS = { id: ['id'], end: ['not_after', 'id'] } as const;

/**
 * Returns the columns by which the rows are sorted. If the database has to sort by the ends, their
 * column is written as an expression, so that the planner does not walk along all ends instead.
 */
function columnsOf({ by, isSorted }: RowOrder): readonly string[] {
  if (by === 'id') return ['id'];
  return [isSorted === true ? 'not_after + 0' : 'not_after', 'id'];
}

/**
 * Chooses the index to walk along. The criterion that the fewest certificates meet is preferred. A
 * search by the end of certificates walks along their ends, unless it has a time of issuance too.
 * `sort`, if it is given, decides the order.
 */
function rowOrderOf(filter: CertificateFilter): RowOrder {
  const { sort } = filter;
  const ascends = sort === 'issuedAt' || sort === 'notAfter';
  const isByEnd = sort === 'notAfter' || sort === '-notAfter';
  const narrowed = narrowestOf(filter);
  if (narrowed !== null) {
    const { narrow, hasFew } = narrowed;
    if (!isByEnd) return { by: 'id', ascends, narrow };
    if (hasFew) return { by: 'end', ascends, isSorted: true, narrow };
  }
  if (isByEnd || (sort === undefined && isOnlyAboutEnd(filter)))
    return { by: 'end', ascends, narrow: (query) => narrowEnds(query, filter) };
  return { by: 'id', ascends, narrow: commonCriterionOf(filter) };
}

type Narrow = RowOrder['narrow'];

/**
 * Returns the most selective of the criteria that few certificates meet; null: the filter has none
 * of them.
 */
function narrowestOf(filter: CertificateFilter): { readonly narrow: Narrow; readonly hasFew: boolean } | null {
  const { serials, orderId, cardTokenId, holderId, structureId } = filter;
  const equal = (column: string, value: string, hasFew = false) => ({
    narrow: (query: Knex.QueryBuilder) => query.where(column, value),
    hasFew,
  });
  if (serials !== undefined) return { narrow: (query) => query.whereIn('serial', [...serials]), hasFew: true };
  if (cardTokenId !== undefined) return equal('card_token_id', cardTokenId, true);
  if (holderId !== undefined) return equal('holder_id', holderId, true);
  if (orderId !== undefined) return equal('claim_route', orderRoute(orderId));
  return structureId === undefined ? null : equal('structure_id', structureId);
}

function isOnlyAboutEnd({ status, issuedFrom, issuedUntil, expiresFrom, expiresBefore }: CertificateFilter): boolean {
  const isAboutEnd = expiresFrom !== undefined || expiresBefore !== undefined || status === 'expired';
  return isAboutEnd && issuedFrom === undefined && issuedUntil === undefined;
}

/**
 * Returns the restriction by a criterion that many certificates meet: the status, the profile or
 * the issuer. It restricts nothing if the filter has none of them.
 */
function commonCriterionOf({ status, profile, issuer }: CertificateFilter): Narrow {
  // The status is a literal in the SQL and not a parameter, so that the planner can use a partial
  // index.
  if (status === 'pending' || status === 'suspended' || status === 'revoked')
    return (query) => query.whereRaw(`status = '${status}'`);
  if (profile !== undefined) return (query) => query.where({ profile });
  // The partial index by issuer has no intents.
  if (issuer !== undefined) return (query) => query.where({ issuer }).whereRaw(IS_CERTIFICATE);
  return (query) => query;
}

function narrowEnds(
  query: Knex.QueryBuilder,
  { status, expiresFrom, expiresBefore, now }: CertificateFilter,
): Knex.QueryBuilder {
  if (expiresFrom !== undefined) query.where('not_after', '>=', expiresFrom);
  const ends = [
    expiresBefore ?? Number.POSITIVE_INFINITY,
    status === 'expired' ? toSecond(now) : Number.POSITIVE_INFINITY,
  ];
  const before = Math.min(...ends);
  return Number.isFinite(before) ? query.where('not_after', '<', before) : query;
}

/**
 * Returns the position of a row. When rows are ordered by id, the end is not read, because the
 * index has only ids.
 */
function positionOf({ by }: RowOrder, row: Row): Position {
  return { id: text(row, 'id'), notAfter: by === 'id' ? 0 : integer(row, 'not_after') };
}

function comparePosition(
  query: Knex.QueryBuilder,
  rowOrder: RowOrder,
  { is, at: { id, notAfter } }: { readonly is: 'after' | 'up-to'; readonly at: Position },
): void {
  const how = is === 'after' ? (rowOrder.ascends ? '>' : '<') : rowOrder.ascends ? '<=' : '>=';
  if (rowOrder.by === 'id') query.where('id', how, id);
  else query.whereRaw(`(${columnsOf(rowOrder).join(', ')}) ${how} (?, ?)`, [notAfter, id]);
}

/** The first character of a cursor, which says by what the rows are ordered. */
const CURSOR_PREFIXES = { id: { down: '1', up: '3' }, end: { down: '2', up: '4' } } as const;
const CURSOR = /^[1-4]:(?:(\d{1,16}):)?([0-9a-f-]{36})$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function encodeCursor({ by, ascends }: RowOrder, { id, notAfter }: Position): string {
  const mark = CURSOR_PREFIXES[by][ascends ? 'up' : 'down'];
  return Buffer.from(by === 'id' ? `${mark}:${id}` : `${mark}:${notAfter}:${id}`).toString('base64url');
}

/** Returns the position; null: the text is not the cursor of a search with this row order. */
function decodeCursor(rowOrder: RowOrder, cursor: string): Position | null {
  const [, notAfter = '0', id = ''] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  const position = { id, notAfter: Number(notAfter) };
  return UUID.test(id) && encodeCursor(rowOrder, position) === cursor ? position : null;
}

/**
 * Restricts a query to a period of issuance. An id begins with its time of creation
 * (`recordIdFrom`), so the primary key finds the period.
 */
export function applyIssuance(
  query: Knex.QueryBuilder,
  { issuedFrom, issuedUntil }: Pick<CertificateFilter, 'issuedFrom' | 'issuedUntil'>,
): void {
  if (issuedFrom !== undefined) query.where('id', '>=', lowestIdAt(issuedFrom)).where('created_at', '>=', issuedFrom);
  if (issuedUntil !== undefined)
    query.where('id', '<', lowestIdAt(issuedUntil + 1)).where('created_at', '<=', issuedUntil);
}

/** Restricts a search along the ends to a period of issuance, by expressions that no index has. */
function compareIssuance(query: Knex.QueryBuilder, { issuedFrom, issuedUntil }: CertificateFilter): void {
  if (issuedFrom !== undefined) query.whereRaw('created_at + 0 >= ?', [issuedFrom]);
  if (issuedUntil !== undefined) query.whereRaw('created_at + 0 <= ?', [issuedUntil]);
}

/**
 * Returns a text that sorts before all ids that are made at this time or later (UUID version 7: 48
 * bits of milliseconds come first).
 */
function lowestIdAt(at: Instant): string {
  const hex = Math.max(0, at).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

/**
 * Applies all criteria except the period of issuance, as expressions that no index has. Otherwise a
 * planner could take the index of another criterion, and read and sort all of its rows.
 */
function applyFilter(query: Knex.QueryBuilder, filter: CertificateFilter): void {
  const { authority, status, serials, orderId, expiresFrom, expiresBefore, now } = filter;
  const equals = {
    holder_id: filter.holderId,
    card_token_id: filter.cardTokenId,
    structure_id: filter.structureId,
    claim_route: orderId === undefined ? undefined : orderRoute(orderId),
    profile: filter.profile,
    issuer: filter.issuer,
  };
  for (const [column, value] of Object.entries(equals))
    if (value !== undefined) query.whereRaw(`coalesce(${column}, '') = ?`, [value]);
  if (serials !== undefined) query.whereRaw(`coalesce(serial, '') in ${placeholders(serials.length)}`, [...serials]);
  if (authority !== undefined)
    query.whereRaw(`coalesce(issuer, '') in (select issuer from issuers where authority = ?)`, [authority]);
  if (expiresFrom !== undefined) query.whereRaw('not_after + 0 >= ?', [expiresFrom]);
  if (expiresBefore !== undefined) query.whereRaw('not_after + 0 < ?', [expiresBefore]);
  if (status === undefined) return;
  if (status === 'expired') query.whereRaw(`coalesce(status, '') <> 'revoked'`);
  else query.whereRaw(`coalesce(status, '') = '${status}'`);
  // As `statusOf` in src/lifecycle: a certificate that is not revoked expires after its last
  // second.
  if (status === 'expired') query.whereRaw('not_after + 0 < ?', [toSecond(now)]);
  else if (status !== 'revoked') query.whereRaw('not_after + 0 >= ?', [toSecond(now)]);
}

/**
 * Applies the rules of `outOfScope` in src/access, in SQL, as expressions that no index has. A test
 * compares the two.
 */
export function applyScope(query: Knex.QueryBuilder, { profiles, structures, domains, holders }: AccountScope): void {
  if (!profiles.includes('*')) {
    query.where((any: Knex.QueryBuilder) => {
      if (profiles.length > 0) any.whereRaw(`coalesce(profile, '') in ${placeholders(profiles.length)}`, [...profiles]);
      else any.whereRaw('1 = 0');
      for (const profile of profiles) {
        if (profile.endsWith('/*'))
          any.orWhereRaw(`coalesce(profile, '') like ? escape '!'`, [`${likeLiteral(profile.slice(0, -1))}%`]);
      }
    });
  }
  if (!structures.includes('*')) {
    // A holder without a structure fits every list of structures.
    query.whereRaw(`coalesce(structure_id, '') in ${placeholders(structures.length + 1)}`, ['', ...structures]);
  }
  if (!domains.includes('*')) {
    const known = domains.filter((domain) => domain !== '').map((domain) => domain.toLowerCase());
    const covered = known.map(() => `domain = ? or domain like ? escape '!'`);
    const bindings = known.flatMap((domain) => [domain, `%.${likeLiteral(domain)}`]);
    query.whereRaw(
      `not exists (select 1 from certificate_domains where certificate_id = certificates.id
        and not (${['1 = 0', ...covered].join(' or ')}))`,
      bindings,
    );
  }
  if (!holders.includes('*')) {
    // LIKE is not used, because SQLite's ignores the case of ASCII letters.
    const covered = holders.map((one) =>
      one.endsWith('*') ? 'substr(holder_id, 1, ?) = ?' : `coalesce(holder_id, '') = ?`,
    );
    const bindings = holders.flatMap((one) => (one.endsWith('*') ? prefixBindings(one.slice(0, -1)) : [one]));
    query.whereRaw(`(${['1 = 0', ...covered].join(' or ')})`, bindings);
  }
}

/**
 * Returns the values of a comparison with a prefix: its length in characters, as databases count
 * them, and the prefix.
 */
function prefixBindings(text: string): readonly [number, string] {
  return [[...text].length, text];
}

/**
 * Escapes a text for LIKE with the escape character `!`. LIKE in SQLite ignores the case of ASCII
 * letters, which does not matter here, because the ids of profiles and domains are lower case.
 */
function likeLiteral(plain: string): string {
  return plain.replace(/[!%_]/g, '!$&');
}
