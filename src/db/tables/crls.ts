/**
 * Reads and writes the records of CRLs. A CRL gets its number before it is signed, and its record
 * then says whether it was published. A full and a delta CRL of the same moment may share a number;
 * no later CRL of the same issuer and partition gets it again.
 */
import { assert, present } from '../../kernel/assert.js';
import { otherKind, parseScope, scopeOf } from '../../policy/publication/crl-scopes.js';
import type { IssuerId } from '../../ports/signer.js';
import type { CrlReads, CrlRecord, CrlScope, CrlSeries, CrlWrites } from '../../ports/store/crls.js';
import { rowPlaceholders, statementBatches } from '../engine/many-rows.js';
import type { Session } from '../engine/session.js';
import { integer, integerOrNull, oneOf, type Row, text, textOrNull } from './columns.js';
import { registerIssuers } from './issuers.js';

/**
 * Reads the last published CRL of each series: the CRLs of one scope of an issuer. The subquery
 * walks back from the end of the primary key, so it does not matter how long the history is.
 */
const LATEST_SQL = `select crls.* from wanted join crls on crls.issuer = wanted.issuer and crls.scope = wanted.scope
  and crls.number = (select number from crls as published
    where published.issuer = wanted.issuer and published.scope = wanted.scope and published.state = 'published'
    order by published.number desc limit 1)`;

const LAST_CHANGES_SQL = `select wanted.issuer, (select max(id) from status_events
    where status_events.issuer = wanted.issuer and affects_status) as change
  from wanted`;

function crlOf(row: Row): CrlRecord {
  const change = integerOrNull(row, 'seen_change');
  return {
    issuer: text(row, 'issuer') as IssuerId,
    scope: present(parseScope(text(row, 'scope')), 'scope of a list'),
    number: integer(row, 'number'),
    base: integerOrNull(row, 'base'),
    thisUpdate: integer(row, 'this_update'),
    nextUpdate: integer(row, 'next_update'),
    state: oneOf(row, 'state', ['reserved', 'published', 'abandoned']),
    tbsSha256: textOrNull(row, 'tbs_sha256'),
    sha256: textOrNull(row, 'sha256'),
    sizeBytes: integerOrNull(row, 'size_bytes'),
    entries: integerOrNull(row, 'entries'),
    publishedAt: integerOrNull(row, 'published_at'),
    seen: change === null ? null : { change, listedSince: integer(row, 'listed_since') },
  };
}

function columnsOf(crl: CrlRecord) {
  return {
    issuer: crl.issuer,
    scope: crl.scope,
    number: crl.number,
    base: crl.base,
    this_update: crl.thisUpdate,
    next_update: crl.nextUpdate,
    state: crl.state,
    tbs_sha256: crl.tbsSha256,
    sha256: crl.sha256,
    size_bytes: crl.sizeBytes,
    entries: crl.entries,
    published_at: crl.publishedAt,
    seen_change: crl.seen?.change ?? null,
    listed_since: crl.seen?.listedSince ?? null,
  };
}

function seriesKey({ issuer, scope }: CrlSeries): string {
  return `${issuer} ${scope}`;
}

export function crlReads(session: Session): CrlReads {
  const { db } = session;
  const readOne = async (where: Readonly<Record<string, string | number>>): Promise<CrlRecord | null> => {
    const row = await session.first(db('crls').where(where).orderBy('number', 'desc').limit(1));
    return row === null ? null : crlOf(row);
  };
  return {
    latestCrl: (issuer, scope = 'full') => readOne({ issuer, scope, state: 'published' }),
    latestCrls: async (series) => {
      const found = new Map<string, CrlRecord>();
      for (const batch of statementBatches(series)) {
        const sql = `with wanted (issuer, scope) as (values ${rowPlaceholders(batch.length, '(?, ?)')}) ${LATEST_SQL}`;
        const rows = await session.sql(
          sql,
          batch.flatMap(({ issuer, scope }) => [issuer, scope]),
        );
        for (const crl of rows.map(crlOf)) found.set(seriesKey(crl), crl);
      }
      return series.map((one) => found.get(seriesKey(one)) ?? null);
    },
    highestCrl: (issuer) => readOne({ issuer, scope: 'full' }),
    crlByNumber: (issuer, number, scope = 'full') => readOne({ issuer, scope, number }),
    reservedCrls: async (issuer) => {
      const rows = await session.rows(
        db('crls').where({ issuer, state: 'reserved' }).orderBy('number').orderBy('scope'),
      );
      return rows.map(crlOf);
    },
    crlHistory: async ({ issuer, before, limit }) => {
      const query = db('crls').where({ issuer });
      if (before !== null)
        query.whereRaw('(this_update, scope, number) < (?, ?, ?)', [before.thisUpdate, before.scope, before.number]);
      const order = ['this_update', 'scope', 'number'].map((column) => ({ column, order: 'desc' as const }));
      return (await session.rows(query.orderBy(order).limit(limit))).map(crlOf);
    },
    lastChanges: async (issuers) => {
      const found = new Map<string, number>();
      for (const batch of statementBatches(issuers)) {
        const sql = `with wanted (issuer) as (values ${rowPlaceholders(batch.length, '(?)')}) ${LAST_CHANGES_SQL}`;
        for (const row of await session.sql(sql, batch))
          found.set(text(row, 'issuer'), integerOrNull(row, 'change') ?? 0);
      }
      return issuers.map((issuer) => found.get(issuer) ?? 0);
    },
    deltaBases: async (issuer, partition, at) => {
      const scope = scopeOf('full', partition);
      // If a clock was ahead, a relying party may have a full CRL whose thisUpdate is in the
      // future. It could complete that CRL with a delta CRL of an older base (RFC 5280 5.2.4), but
      // the CRL may lack certificates that have not expired yet. So only later full CRLs can be
      // bases.
      const future = await session.first(
        db('crls')
          .where({ issuer, scope })
          .whereRaw(`state = 'published'`)
          .where('next_update', '>', at)
          .where('this_update', '>', at)
          .max('number as number'),
      );
      const after = future === null ? 0 : (integerOrNull(future, 'number') ?? 0);
      const usable = (order: 'asc' | 'desc') =>
        session.first(
          db('crls')
            .where({ issuer, scope })
            .where('number', '>', after)
            // The condition is a literal in the SQL and not a parameter, so that the planner can
            // use the partial index.
            .whereRaw(`state = 'published' and seen_change is not null`)
            .where('next_update', '>', at)
            .where('this_update', '<=', at)
            .orderBy([
              { column: 'next_update', order },
              { column: 'number', order },
            ])
            .limit(1),
        );
      const found = [await usable('asc'), await usable('desc')].flatMap((row) => (row === null ? [] : [crlOf(row)]));
      return found.filter(({ number }, index) => found.findIndex((crl) => crl.number === number) === index);
    },
  };
}

export function crlWrites(session: Session): CrlWrites {
  const { db } = session;
  /**
   * Returns the highest number that a CRL of this scope has; 0: there is none. Transactions are
   * serial, so no other transaction can reserve the next number meanwhile. Within one scope the
   * primary key ensures that too.
   */
  const highestNumber = async (issuer: IssuerId, scope: CrlScope): Promise<number> => {
    const row = await session.first(
      db('crls').where({ issuer, scope }).orderBy('number', 'desc').limit(1).select('number'),
    );
    return row === null ? 0 : integer(row, 'number');
  };
  return {
    reserveCrl: async ({ issuer, scope = 'full', base, thisUpdate, nextUpdate, numberMin, shared }) => {
      await registerIssuers(session, new Set([issuer]));
      const highestUsed = Math.max(await highestNumber(issuer, scope), await highestNumber(issuer, otherKind(scope)));
      const crl: CrlRecord = {
        issuer,
        scope,
        number: shared ?? Math.max(highestUsed + 1, numberMin ?? 1),
        base: base ?? null,
        thisUpdate,
        nextUpdate,
        state: 'reserved',
        tbsSha256: null,
        sha256: null,
        sizeBytes: null,
        entries: null,
        publishedAt: null,
        seen: null,
      };
      await session.rows(db('crls').insert(columnsOf(crl)));
      return crl;
    },
    updateCrl: async (crl) => {
      const { issuer, scope, number } = crl;
      const changed = await session.changes(db('crls').where({ issuer, scope, number }).update(columnsOf(crl)));
      assert(changed === 1, 'a CRL that was reserved');
    },
  };
}
