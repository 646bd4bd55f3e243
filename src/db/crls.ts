/** CRL numbers, each given out once, and what became of them. */
import { assert } from '../kernel/assert.js';
import type { IssuerId } from '../ports/signer.js';
import type { CrlRecord, Reads, Transaction } from '../ports/store.js';
import { integer, integerOrNull, oneOf, type Row, text, textOrNull } from './columns.js';
import { registerIssuers } from './issuers.js';
import type { Session } from './session.js';

const SCOPE = 'full';

function crlOf(row: Row): CrlRecord {
  return {
    issuer: text(row, 'issuer') as IssuerId,
    scope: oneOf(row, 'scope', [SCOPE]),
    number: integer(row, 'number'),
    thisUpdate: integer(row, 'this_update'),
    nextUpdate: integer(row, 'next_update'),
    state: oneOf(row, 'state', ['reserved', 'published', 'abandoned']),
    tbsSha256: textOrNull(row, 'tbs_sha256'),
    sha256: textOrNull(row, 'sha256'),
    sizeBytes: integerOrNull(row, 'size_bytes'),
    entries: integerOrNull(row, 'entries'),
  };
}

function columnsOf(crl: CrlRecord) {
  return {
    issuer: crl.issuer,
    scope: crl.scope,
    number: crl.number,
    this_update: crl.thisUpdate,
    next_update: crl.nextUpdate,
    state: crl.state,
    tbs_sha256: crl.tbsSha256,
    sha256: crl.sha256,
    size_bytes: crl.sizeBytes,
    entries: crl.entries,
  };
}

export function crlReads(session: Session): Pick<Reads, 'latestCrl' | 'highestCrl' | 'crlByNumber' | 'reservedCrls'> {
  const { db } = session;
  const one = async (where: Readonly<Record<string, string | number>>): Promise<CrlRecord | null> => {
    const row = await session.first(
      db('crls')
        .where({ scope: SCOPE, ...where })
        .orderBy('number', 'desc')
        .limit(1),
    );
    return row === null ? null : crlOf(row);
  };
  return {
    latestCrl: (issuer) => one({ issuer, state: 'published' }),
    highestCrl: (issuer) => one({ issuer }),
    crlByNumber: (issuer, number) => one({ issuer, number }),
    reservedCrls: async (issuer) => {
      const rows = await session.rows(db('crls').where({ issuer, scope: SCOPE, state: 'reserved' }).orderBy('number'));
      return rows.map(crlOf);
    },
  };
}

export function crlWrites(session: Session): Pick<Transaction, 'reserveCrl' | 'updateCrl'> {
  const { db } = session;
  return {
    reserveCrl: async ({ issuer, thisUpdate, nextUpdate, numberMin }) => {
      await registerIssuers(session, new Set([issuer]));
      // Two writers that saw the same highest number cannot both insert the next one: it is the primary key.
      const highest = await session.first(
        db('crls').where({ issuer, scope: SCOPE }).orderBy('number', 'desc').limit(1).select('number'),
      );
      const next = highest === null ? 1 : integer(highest, 'number') + 1;
      const crl: CrlRecord = {
        issuer,
        scope: SCOPE,
        number: Math.max(next, numberMin ?? 1),
        thisUpdate,
        nextUpdate,
        state: 'reserved',
        tbsSha256: null,
        sha256: null,
        sizeBytes: null,
        entries: null,
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
