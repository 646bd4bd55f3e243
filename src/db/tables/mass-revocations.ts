/**
 * Reads and writes mass revocations. One statement selects the items of an order; workers then
 * process them page by page.
 */
import type { Knex } from 'knex';
import { assert } from '../../kernel/assert.js';
import { toSecond } from '../../kernel/clock.js';
import { canonicalJson } from '../../kernel/json.js';
import { FINAL_REASONS } from '../../lifecycle/certificate-states.js';
import type { IssuerId } from '../../ports/signer.js';
import type {
  MassRevocation,
  MassRevocationItem,
  MassRevocationReads,
  MassRevocationWrites,
  RevocationSelection,
  SelectedCertificate,
  SelectedCertificates,
} from '../../ports/store/mass-revocations.js';
import { placeholders, statementBatches } from '../engine/many-rows.js';
import type { Session } from '../engine/session.js';
import { integer, integerOrNull, json, oneOf, type Row, text, textOrNull } from './columns.js';
import { applyIssuance, applyScope } from './search.js';

const STATES = ['running', 'completed', 'cancelled'] as const;
const OUTCOMES = ['revoked', 'already-revoked'] as const;

/**
 * Reads a page of items with their certificates. The position has a lower and an upper bound, so
 * that a planner reads only the page, even if it has no statistics on a table that was just filled.
 * The selected columns of `certificates` come before the large ones in the row, which are not read.
 */
const ITEMS_SQL = `select i.position, i.certificate_id, i.outcome, c.issuer, c.serial, c.profile
  from mass_revocation_items i join certificates c on c.id = i.certificate_id
  where i.revocation_id = ? and i.position > ? and i.position <= ? order by i.position`;

export function massRevocationReads(session: Session): MassRevocationReads {
  const { db } = session;
  return {
    massRevocation: async (id) => {
      const row = await session.first(db('mass_revocations').where({ id }));
      return row === null ? null : orderOf(row);
    },
    runningMassRevocations: async () =>
      (await session.rows(db('mass_revocations').whereRaw(`state = 'running'`).orderBy('id'))).map(orderOf),
    massRevocationItems: async ({ id, after, limit }) =>
      (await session.sql(ITEMS_SQL, [id, after, after + limit])).map(itemOf),
    countSelected: async (selected, countMax) => {
      const found = selectedIds(session, selected).limit(countMax).as('found');
      const row = await session.first(db.from(found).count({ count: '*' }));
      assert(row !== null, 'a count is one row');
      return integer(row, 'count');
    },
    selectedAmong: async (selected, { spkiSha256s, holderIds, now }) => {
      const found = new Map<string, SelectedCertificate>();
      // Each of the two look-ups uses the index of its column.
      const wanted = [...batchesOf('spki_sha256', spkiSha256s), ...batchesOf('holder_id', holderIds)];
      for (const { column, values } of wanted) {
        const query = selectedIds(session, selected).whereIn(column, values).where('not_after', '>=', toSecond(now));
        const rows = await session.rows(query.clearSelect().select(SELECTED_COLUMNS));
        for (const one of rows.map(selectedOf)) found.set(one.id, one);
      }
      return [...found.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
    },
  };
}

const SELECTED_COLUMNS = ['id', 'issuer', 'serial', 'spki_sha256', 'holder_id'];

function batchesOf(column: string, values: readonly string[]) {
  return statementBatches(values).map((batch) => ({ column, values: [...batch] }));
}

function selectedOf(row: Row): SelectedCertificate {
  return {
    id: text(row, 'id'),
    issuer: text(row, 'issuer') as IssuerId,
    serial: text(row, 'serial'),
    spkiSha256: text(row, 'spki_sha256'),
    holderId: text(row, 'holder_id'),
  };
}

export function massRevocationWrites(session: Session): MassRevocationWrites {
  return {
    insertMassRevocation: async (order, selected) => {
      await session.rows(session.db('mass_revocations').insert(columnsOf(order)));
      // Written as SQL, because SQLite does not accept the query in parentheses that the query
      // builder would make.
      const { sql, bindings } = selectedIds(session, selected).toSQL();
      await session.sql(
        `insert into mass_revocation_items (revocation_id, position, certificate_id)
          select cast(? as varchar(36)), row_number() over (order by id), id from (${sql}) selected`,
        [order.id, ...bindings],
      );
    },
    storeMassRevocationOutcomes: async (id, outcome, positions) => {
      for (const batch of statementBatches(positions)) {
        const sql = `update mass_revocation_items set outcome = ? where revocation_id = ? and outcome is null
          and position between ? and ? and position in ${placeholders(batch.length)} returning position`;
        const settled = await session.sql(sql, [outcome, id, Math.min(...batch), Math.max(...batch), ...batch]);
        assert(settled.length === batch.length, 'items that waited');
      }
    },
    updateMassRevocation: async (order) => {
      const changed = await session.changes(
        session.db('mass_revocations').where({ id: order.id }).update(progressOf(order)),
      );
      assert(changed === 1, 'an order that is there');
    },
  };
}

/** Returns the query for the ids of certificates that are selected and not revoked. */
function selectedIds({ db }: Session, { selection, scope }: SelectedCertificates): Knex.QueryBuilder {
  const { authority, profile, issuedFrom, issuedUntil, spkiSha256 } = selection;
  const query: Knex.QueryBuilder = db('certificates').select('id').whereNot('status', 'revoked');
  if (authority !== null) {
    query.whereIn('issuer', (issuers: Knex.QueryBuilder) =>
      issuers.select('issuer').from('issuers').where({ authority }),
    );
  }
  if (profile !== null) query.where({ profile });
  if (spkiSha256 !== null) query.where({ spki_sha256: spkiSha256 });
  applyIssuance(query, { issuedFrom: issuedFrom ?? undefined, issuedUntil: issuedUntil ?? undefined });
  applyScope(query, scope);
  return query;
}

function orderOf(row: Row): MassRevocation {
  return {
    id: text(row, 'id'),
    accountId: text(row, 'account_id'),
    requestId: textOrNull(row, 'request_id'),
    submittedAt: integer(row, 'submitted_at'),
    selection: json(row, 'selection') as unknown as RevocationSelection,
    reason: oneOf(row, 'reason', FINAL_REASONS),
    invalidityDate: integerOrNull(row, 'invalidity_date'),
    state: oneOf(row, 'state', STATES),
    finishedAt: integerOrNull(row, 'finished_at'),
    matched: integer(row, 'matched'),
    revoked: integer(row, 'revoked'),
    alreadyRevoked: integer(row, 'already_revoked'),
  };
}

function columnsOf(order: MassRevocation) {
  return {
    id: order.id,
    account_id: order.accountId,
    request_id: order.requestId,
    submitted_at: order.submittedAt,
    selection: canonicalJson(order.selection),
    reason: order.reason,
    invalidity_date: order.invalidityDate,
    matched: order.matched,
    ...progressOf(order),
  };
}

function progressOf({ state, finishedAt, revoked, alreadyRevoked }: MassRevocation) {
  return { state, finished_at: finishedAt, revoked, already_revoked: alreadyRevoked };
}

function itemOf(row: Row): MassRevocationItem {
  return {
    position: integer(row, 'position'),
    certificateId: text(row, 'certificate_id'),
    issuer: text(row, 'issuer') as IssuerId,
    serial: text(row, 'serial'),
    profile: text(row, 'profile'),
    outcome: row.outcome === null ? null : oneOf(row, 'outcome', OUTCOMES),
  };
}
