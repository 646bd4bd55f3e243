/**
 * Search by indexed fields, newest first, page by page. The cursor is the last id of the previous
 * page (keyset pagination), so pages neither skip nor repeat rows while certificates are issued.
 * The account's scope is part of the query, so that pages are full.
 */
import type { Knex } from 'knex';
import { assert } from '../../kernel/assert.js';
import { toSecond } from '../../kernel/clock.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { AccountScope } from '../../ports/store/accounts.js';
import type { CertificateFilter, CertificateRecord, CursorMalformed, Page } from '../../ports/store/certificates.js';
import type { Session } from '../engine/session.js';
import { certificateOf } from './certificate-row.js';

const CURSOR_VERSION = '1:';

export function encodeCursor(id: string): string {
  return Buffer.from(`${CURSOR_VERSION}${id}`).toString('base64url');
}

/** Returns the id in a cursor; null: the text is not a cursor of this service. */
function decodeCursor(cursor: string): string | null {
  const plain = Buffer.from(cursor, 'base64url').toString('latin1');
  const id = plain.slice(CURSOR_VERSION.length);
  const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
  return isUuid && encodeCursor(id) === cursor ? id : null;
}

export async function search(
  session: Session,
  filter: CertificateFilter,
): Promise<Result<Page<CertificateRecord>, CursorMalformed>> {
  const { limit, cursor, scope } = filter;
  assert(Number.isInteger(limit) && limit >= 1 && limit <= LIMITS.searchPageSizeMax, 'a page has a size');
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  if (after === null) return err({ kind: 'cursor-malformed' });
  const query = session.db('certificates').orderBy('id', 'desc');
  // Intents, open or abandoned, are no certificates: there is nothing to show.
  query.whereNotNull('signature');
  if (after !== undefined) query.where('id', '<', after);
  applyFilter(query, filter);
  if (scope !== undefined) applyScope(query, scope);
  const rows = await session.rows(query.limit(limit + 1));
  const items = rows.slice(0, limit).map(certificateOf);
  const last = items.at(-1);
  return ok({ items, next: rows.length > limit && last !== undefined ? encodeCursor(last.id) : null });
}

function applyFilter(query: Knex.QueryBuilder, filter: CertificateFilter): void {
  const { authority, status, expiresBefore, now } = filter;
  const equals = {
    holder_id: filter.holderId,
    card_token_id: filter.cardTokenId,
    structure_id: filter.structureId,
    issuer: filter.issuer,
    serial: filter.serial,
  };
  for (const [column, value] of Object.entries(equals)) if (value !== undefined) query.where(column, value);
  if (authority !== undefined) {
    query.whereIn('issuer', (issuers: Knex.QueryBuilder) =>
      issuers.select('issuer').from('issuers').where({ authority }),
    );
  }
  if (expiresBefore !== undefined) query.where('not_after', '<', expiresBefore);
  // The status is part of the text and not a parameter, so that the planner can use a partial
  // index.
  if (status === 'revoked') query.whereRaw(`status = 'revoked'`);
  // As `statusOf` in src/lifecycle: a certificate that is not revoked expires after its last
  // second.
  else if (status === 'expired') query.whereNot('status', 'revoked').where('not_after', '<', toSecond(now));
  else if (status !== undefined) query.whereRaw(`status = '${status}'`).where('not_after', '>=', toSecond(now));
}

/** The rules of `outOfScope` in src/access, in SQL. A test compares the two. */
export function applyScope(query: Knex.QueryBuilder, { profiles, structures, domains, holders }: AccountScope): void {
  if (!profiles.includes('*')) {
    query.where((any: Knex.QueryBuilder) => {
      any.whereIn('profile', profiles);
      for (const profile of profiles) {
        if (profile.endsWith('/*'))
          any.orWhereRaw(`profile like ? escape '!'`, [`${likeLiteral(profile.slice(0, -1))}%`]);
      }
    });
  }
  if (!structures.includes('*')) {
    query.where((any: Knex.QueryBuilder) => any.whereNull('structure_id').orWhereIn('structure_id', structures));
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
    const covered = holders.map((one) => (one.endsWith('*') ? 'substr(holder_id, 1, ?) = ?' : 'holder_id = ?'));
    const bindings = holders.flatMap((one) => (one.endsWith('*') ? beginning(one.slice(0, -1)) : [one]));
    query.whereRaw(`(${['1 = 0', ...covered].join(' or ')})`, bindings);
  }
}

/** Returns the prefix and its length in characters, as databases count them. */
function beginning(text: string): readonly [number, string] {
  return [[...text].length, text];
}

/**
 * SQLite's LIKE ignores the case of ASCII letters. Ids and domains are lower case, so it does not
 * matter here.
 */
function likeLiteral(plain: string): string {
  return plain.replace(/[!%_]/g, '!$&');
}
