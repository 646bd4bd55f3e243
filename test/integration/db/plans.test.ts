/** The query plans of each database for the most frequent queries. */
import assert from 'node:assert/strict';
import knex from 'knex';
import { createSession, type Session } from '../../../src/db/engine/session.js';
import type { DatabaseOptions } from '../../../src/db/open.js';
import { searchAudit } from '../../../src/db/tables/audit/audit-search.js';
import { certificateChanges } from '../../../src/db/tables/certificate-changes.js';
import { crlReads } from '../../../src/db/tables/crls.js';
import { searchSummaries } from '../../../src/db/tables/search.js';
import { statusReads } from '../../../src/db/tables/statuses.js';
import type { AuditFilter } from '../../../src/ports/store/audit.js';
import type { CertificateFilter } from '../../../src/ports/store/certificates.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { EVERYTHING } from '../../support/db/follower.js';
import { firstStatement, indexInPlan, planOf } from '../../support/db/plans.js';
import { certify, ISSUER, intent, NOW, RUN } from '../../support/db/records.js';

const LOOK_UPS: Readonly<Record<string, string>> = {
  'id = ?': 'certificates_pkey',
  'issuer = ? and serial = ?': 'certificates_serial_issuer_unique',
  'issuer = ? and serial in (?,?,?,?)': 'certificates_serial_issuer_unique',
  'card_token_id = ?': 'certificates_card',
  'holder_id = ?': 'certificates_holder',
  'spki_sha256 = ?': 'certificates_key',
};
const REVOKED_SQL = `select serial, status, state_at, reason, invalidity_date from certificates where issuer = ?
  and status in ('revoked', 'suspended') and (not_after >= ? or state_at >= ?) and serial > ? order by serial limit 9`;
const OPEN_SQL = `select * from certificates where status = 'open' and run = '${RUN}' order by id limit 1000`;

/** The statements of a search as the driver gets them, with `?` for each value. */
async function statementsOf(
  kind: DatabaseOptions['kind'],
  ask: (session: Session) => Promise<unknown>,
): Promise<readonly string[]> {
  const db = knex({ client: kind === 'sqlite' ? 'sqlite3' : 'pg', useNullAsDefault: true });
  const asked: string[] = [];
  const rows: Session['rows'] = async (statement) => {
    asked.push(statement.toSQL().sql);
    return [];
  };
  await ask({ ...createSession(db), rows });
  await db.destroy();
  return asked;
}

async function statementOf(...of: Parameters<typeof statementsOf>): Promise<string> {
  const asked = await statementsOf(...of);
  assert.equal(asked.length, 1);
  return asked[0] ?? '';
}

/** The statement that finds the last row that is examined, and that of the rows. */
function searchesOf(kind: DatabaseOptions['kind'], filter: Partial<CertificateFilter>): Promise<readonly string[]> {
  return statementsOf(kind, (session) => searchSummaries(session, { limit: 100, now: NOW, ...filter }));
}

async function searchOf(kind: DatabaseOptions['kind'], filter: Partial<CertificateFilter>): Promise<string> {
  return (await searchesOf(kind, filter)).at(-1) ?? '';
}

describeOnEach('the plans of the database', ({ kind, fresh, opened }) => {
  /** So few rows that no server collects statistics about them, which would change its plans. */
  async function filled(): Promise<DatabaseOptions> {
    const database = await fresh();
    const store = await opened({ database });
    const revoked = { status: 'revoked', at: NOW, reason: 'superseded', invalidityDate: null } as const;
    unwrap(
      await store.transaction(async (tx) => {
        for (let at = 0; at < 10; at += 1) await certify(tx, intent(at, { cardTokenId: `8025000001/${at}` }), revoked);
      }),
    );
    return database;
  }

  it('look-ups by id, serial, card, holder and key use their index', async () => {
    const database = await filled();
    for (const [where, index] of Object.entries(LOOK_UPS)) {
      const plan = await planOf(database, `select * from certificates where ${where} order by id`);
      if (kind === 'sqlite') assert.match(plan, /SEARCH certificates USING/, where);
      else assert.match(plan, new RegExp(`Scan (using|on) ${index}\\b.*Index Cond`), where);
    }
  });

  it('statuses are looked up together with the last change, which is at the end of its index', async () => {
    const asked: string[] = [];
    const db = knex({ client: kind === 'sqlite' ? 'sqlite3' : 'pg', useNullAsDefault: true });
    const sql: Session['sql'] = async (statement) => {
      asked.push(statement);
      return [];
    };
    await statusReads({ ...createSession(db), sql }).statuses(ISSUER, ['1', '2', '3', '4']);
    await db.destroy();
    assert.equal(asked.length, 1);
    const plan = await planOf(await filled(), (asked[0] ?? '').replaceAll(', ?', ',?'));
    if (kind === 'sqlite') {
      assert.match(plan, /SEARCH status_events USING INDEX status_events_affecting;/);
      assert.match(plan, /SEARCH certificates .*certificates_serial_issuer_unique \(serial=\? AND issuer=\?\)/);
      assert.doesNotMatch(plan, /SCAN (status_events|certificates)/);
    } else {
      assert.match(plan, /Index Only Scan Backward using status_events_affecting/);
      assert.match(plan, /Scan (using|on) certificates_serial_issuer_unique\b.*Index Cond/);
    }
  });

  it('the last CRL and the last change of each issuer come from the end of an index, however long the history is', async () => {
    const database = await filled();
    const series = { issuer: ISSUER, scope: 'full' } as const;
    const ofCrls = await planOf(
      database,
      await firstStatement(kind, (session) => crlReads(session).latestCrls([series, series])),
    );
    const ofChanges = await planOf(
      database,
      await firstStatement(kind, (session) => crlReads(session).lastChanges([ISSUER, ISSUER])),
    );
    if (kind === 'sqlite') {
      assert.match(ofCrls, /SEARCH crls USING .*sqlite_autoindex_crls_1 \(issuer=\? AND scope=\? AND number=\?\)/);
      assert.match(ofCrls, /SEARCH published USING .*sqlite_autoindex_crls_1 \(issuer=\? AND scope=\?\)/);
      assert.match(ofChanges, /SEARCH status_events USING .*status_events_changes \(issuer=\?\)/);
      for (const plan of [ofCrls, ofChanges]) assert.doesNotMatch(plan, /SCAN (crls|published|status_events)|B-TREE/);
    } else {
      assert.match(ofCrls, /Index Scan Backward using crls_pkey on crls published/);
      assert.match(ofChanges, /Index Only Scan Backward using status_events_changes/);
      for (const plan of [ofCrls, ofChanges]) assert.doesNotMatch(plan, /Seq Scan|Sort|HashAggregate/);
    }
  });

  it('a list of the revoked comes from one index that has all of it, in its order', async () => {
    const plan = await planOf(await filled(), REVOKED_SQL);
    if (kind === 'sqlite') {
      assert.match(plan, /SEARCH certificates USING COVERING INDEX certificates_revoked \(issuer=\? AND serial>\?\)$/);
    } else {
      assert.match(plan, /Index Only Scan using certificates_revoked on certificates; +Index Cond: .*issuer.*serial/);
      assert.doesNotMatch(plan, /Sort/);
    }
  });

  it('a search by a serial number looks it up, whoever asks and whether the issuer is named or not', async () => {
    const database = await filled();
    const serials = ['5a', '3c'];
    const scope = { profiles: ['fort/*'], structures: ['10B0057881'], domains: ['*'], holders: ['*'] };
    for (const filter of [{ serials }, { serials, scope }, { serials, authority: 'aci-fo-pp' }]) {
      const plan = await planOf(database, await searchOf(kind, filter));
      if (kind === 'sqlite') assert.match(plan, /USING INDEX certificates_serial_issuer_unique \(serial=\?/);
      else assert.match(plan, /Scan (using|on) certificates_serial_issuer_unique\b.*Index Cond: \(\(*serial/);
    }
  });

  it('a search for a state that few are in comes from an index of that state', async () => {
    const database = await filled();
    for (const status of ['pending', 'suspended'] as const) {
      const plan = await planOf(database, await searchOf(kind, { status }));
      assert.match(plan, new RegExp(`certificates_by_id_${status}\\b`));
      assert.doesNotMatch(plan, /TEMP B-TREE|Sort/);
    }
    if (kind === 'sqlite') {
      const plan = await planOf(database, await searchOf(kind, { status: 'revoked' }));
      assert.match(plan, /certificates_by_id_revoked\b/);
    }
  });

  it('a search walks along the index of its most selective criterion, in its order', async () => {
    const database = await filled();
    const scope = { profiles: ['fort/*'], structures: ['10B0057881'], domains: ['*'], holders: ['8*'] };
    const wanted: readonly (readonly [Partial<CertificateFilter>, string])[] = [
      [{ issuer: ISSUER }, 'certificates_issuer'],
      [{ profile: 'x' }, 'certificates_profile'],
      [{ profile: 'x', status: 'issued' }, 'certificates_profile'],
      [{ holderId: 'x', profile: 'x' }, 'certificates_holder'],
      [{ cardTokenId: 'x', status: 'revoked' }, 'certificates_card'],
      [{ structureId: 'x', expiresBefore: NOW }, 'certificates_structure'],
      [{ orderId: 'x', profile: 'x' }, 'certificates_claim'],
      [{ expiresFrom: NOW, expiresBefore: NOW, profile: 'x' }, 'certificates_expiry'],
      [{ status: 'expired' }, 'certificates_expiry'],
      [{ issuedFrom: NOW, issuedUntil: NOW, expiresBefore: NOW }, 'certificates_pkey'],
      [{ sort: 'issuedAt', profile: 'x', expiresBefore: NOW }, 'certificates_profile'],
      [{ sort: 'notAfter', profile: 'x', issuedFrom: NOW, expiresFrom: NOW }, 'certificates_expiry'],
      [{ sort: '-notAfter', structureId: 'x', expiresBefore: NOW }, 'certificates_expiry'],
      // PostgreSQL takes the table for small, and any index will do.
      ...(kind === 'sqlite' ? [[{}, 'certificates_pkey'] as const] : []),
    ];
    for (const [filter, index] of wanted)
      for (const statement of await searchesOf(kind, { ...filter, scope })) {
        const plan = await planOf(database, statement);
        assert.match(plan, indexInPlan(kind, index), `${JSON.stringify(filter)}: ${statement}`);
        // PostgreSQL, which takes the table for small, may sort the limited part of the ends.
        const isSorted = kind === 'postgresql' && index === 'certificates_expiry';
        if (!isSorted) assert.doesNotMatch(plan, /TEMP B-TREE|Sort/, `${JSON.stringify(filter)}: ${plan}`);
      }
  });

  it('the few certificates of a holder or a card are sorted by their ends, and not looked for among all ends', async () => {
    const database = await filled();
    for (const [filter, index] of [
      [{ holderId: 'x' }, 'certificates_holder'],
      [{ cardTokenId: 'x' }, 'certificates_card'],
    ] as const)
      for (const statement of await searchesOf(kind, { ...filter, sort: 'notAfter' }))
        assert.match(await planOf(database, statement), indexInPlan(kind, index), statement);
  });

  it('changes of certificates come from the indexes of their entries, in their order, whoever asks', async () => {
    const database = await filled();
    const narrow = { profiles: ['fort/*'], structures: ['10B0057881'], domains: ['example.org'], holders: ['8*'] };
    for (const scope of [EVERYTHING, narrow]) {
      const asked = await statementsOf(kind, (session) =>
        certificateChanges(session, { after: 1, until: 2, limit: 200, scope }),
      );
      const indexes = ['certificates_issued_seq', 'status_events_audit_seq'];
      assert.equal(asked.length, 2 * indexes.length);
      for (const [at, statement] of asked.entries()) {
        const plan = await planOf(database, statement);
        assert.match(plan, indexInPlan(kind, indexes[at % 2] ?? ''), statement);
        assert.doesNotMatch(plan, /TEMP B-TREE|Sort|SCAN certificates|Seq Scan/, plan);
        // The certificate of each change is looked up by its id.
        if (at === 3) assert.match(plan, indexInPlan(kind, 'certificates_pkey'), plan);
      }
    }
  });

  it('the newest entries of the audit log come from an index, in their order, whatever is asked for', async () => {
    const database = await filled();
    const wanted: readonly (readonly [Partial<AuditFilter>, RegExp])[] = [
      [{}, /audit_entries_time\b/],
      [{ since: NOW, until: NOW }, /audit_entries_time\b/],
      [{ actor: 'x' }, /audit_entries_actor\b/],
      [{ type: 'x' }, /audit_entries_type\b/],
      [{ outcome: 'failure' }, /audit_entries_failure\b/],
    ];
    for (const [filter, index] of wanted) {
      const plan = await planOf(
        database,
        await statementOf(kind, (session) => searchAudit(session, { limit: 50, ...filter })),
      );
      assert.match(plan, index, JSON.stringify(filter));
      assert.doesNotMatch(plan, /TEMP B-TREE|Sort/);
    }
    const byId = await planOf(
      database,
      await statementOf(kind, (session) => searchAudit(session, { limit: 50, id: 'x' })),
    );
    for (const index of [/audit_entries_request\b/, /audit_entries_subject\b/]) assert.match(byId, index);
    const tags = { holderTags: ['ab'.repeat(32)], cardTags: ['cd'.repeat(32)] };
    const byTags = await planOf(
      database,
      await statementOf(kind, (session) => searchAudit(session, { limit: 50, ...tags })),
    );
    assert.match(byTags, /audit_entries_(holder|card)\b/);
    assert.doesNotMatch(byTags, /audit_entries_time\b/);
  });

  it('open intents come from an index of their own', async () => {
    assert.match(await planOf(await filled(), OPEN_SQL), /certificates_open/);
  });
});
