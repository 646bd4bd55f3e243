/**
 * What has happened to certificates after an entry of the audit log: issuances and changes of
 * status, in the order of the log. Both have the number of their entry in an indexed column. The
 * rows that are examined for a page are limited, as in a search (ops/decisions/0072).
 */
import type { Knex } from 'knex';
import { assert } from '../../kernel/assert.js';
import { LIMITS } from '../../kernel/limits.js';
import type { AccountScope } from '../../ports/store/accounts.js';
import type { CertificateChange, CertificateChangeFilter, CertificateChanges } from '../../ports/store/certificates.js';
import type { Session } from '../engine/session.js';
import { SUMMARY_COLUMNS, stateOf, summaryOf } from './certificate-row.js';
import { integer, type Row } from './columns.js';
import { applyScope, EXAMINED_MAX } from './search.js';

/** Entries after number `after`, up to number `until`. */
type Range = { readonly after: number; readonly until: number };

type Source = {
  readonly table: 'certificates' | 'status_events';
  /** The column with the number of the entry. */
  readonly seq: 'issued_seq' | 'audit_seq';
  readonly rows: (db: Knex) => Knex.QueryBuilder;
  readonly changeOf: (row: Row) => CertificateChange;
};

const CERTIFICATE_COLUMNS = SUMMARY_COLUMNS.map((column) => `certificates.${column}`);
const STATE_COLUMNS = ['status', 'state_at', 'reason', 'invalidity_date'] as const;

const SOURCES: readonly Source[] = [
  {
    table: 'certificates',
    seq: 'issued_seq',
    rows: (db) => db('certificates').select('issued_seq as seq', ...CERTIFICATE_COLUMNS),
    changeOf: (row) => {
      const certificate = summaryOf(row);
      const { createdAt, becomes } = certificate;
      return { seq: integer(row, 'seq'), kind: 'issuance', at: createdAt, state: { status: becomes }, certificate };
    },
  },
  {
    table: 'status_events',
    seq: 'audit_seq',
    // An intent that was given up has a change of status, and is no certificate. The condition is
    // an expression that no index has, so that the planner walks along the changes.
    rows: (db) =>
      db('status_events')
        .join('certificates', 'certificates.id', 'status_events.certificate_id')
        .whereRaw('certificates.issued_seq + 0 > 0')
        .select('audit_seq as seq', 'status_events.at as changed_at', ...CERTIFICATE_COLUMNS)
        .select(STATE_COLUMNS.map((column) => `status_events.${column} as changed_${column}`)),
    changeOf: (row) => ({
      seq: integer(row, 'seq'),
      kind: 'status',
      at: integer(row, 'changed_at'),
      state: stateOf(Object.fromEntries(STATE_COLUMNS.map((column) => [column, row[`changed_${column}`]]))),
      certificate: summaryOf(row),
    }),
  },
];

/**
 * The statements need not see the same state of the database: nothing is added later with a number
 * up to `until`, because transactions are serial and take their numbers in the order of their
 * commits.
 */
export async function certificateChanges(
  session: Session,
  { after, until, limit, scope }: CertificateChangeFilter,
): Promise<CertificateChanges> {
  assert(Number.isInteger(limit) && limit >= 1 && limit <= LIMITS.searchPageSizeMax, 'a page has a size');
  const range = { after, until: await farthestOf(session, { after, until }) };
  const found = await changesIn(session, range, { scope, limit: limit + 1 });
  const beyond = found[limit];
  if (beyond === undefined) return { changes: found, next: range.until };
  // The changes of one entry stay together, because `next` is the number of an entry. There are
  // few: the certificates that one statement of a card confirms.
  const { seq: last } = found[limit - 1] ?? beyond;
  if (beyond.seq > last) return { changes: found.slice(0, limit), next: last };
  const before = found.filter(({ seq }) => seq < last);
  return {
    changes: [...before, ...(await changesIn(session, { after: last - 1, until: last }, { scope }))],
    next: last,
  };
}

/** The end of what may be examined for a page. */
async function farthestOf(session: Session, { after, until }: Range): Promise<number> {
  let farthest = until;
  for (const { table, seq } of SOURCES) {
    const walked = session.db(table).where(seq, '>', after).where(seq, '<=', until).orderBy(seq);
    const [row] = await session.rows(
      walked
        .select(seq)
        .offset(EXAMINED_MAX - 1)
        .limit(1),
    );
    if (row !== undefined) farthest = Math.min(farthest, integer(row, seq));
  }
  return farthest;
}

/** The first changes of the range, in the order of their entries. */
async function changesIn(
  session: Session,
  { after, until }: Range,
  { scope, limit }: { readonly scope: AccountScope; readonly limit?: number },
): Promise<readonly CertificateChange[]> {
  const changes: CertificateChange[] = [];
  for (const { seq, rows, changeOf } of SOURCES) {
    const query = rows(session.db).where(seq, '>', after).where(seq, '<=', until).orderBy(seq);
    applyScope(query, scope);
    if (limit !== undefined) query.limit(limit);
    changes.push(...(await session.rows(query)).map(changeOf));
  }
  const ordered = changes.sort(
    (one, other) => one.seq - other.seq || (one.certificate.id < other.certificate.id ? -1 : 1),
  );
  return ordered.slice(0, limit);
}
