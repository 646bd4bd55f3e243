/**
 * Reads what has happened to certificates after an entry of the audit log: issuances and changes of
 * status, in the order of the log. The rows of both have the number of their audit entry in an
 * indexed column. The number of rows that are examined for a page is limited, as in a search
 * (ops/decisions/0072).
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

/** The audit entries with numbers above `after`, up to `until`. */
type Range = { readonly after: number; readonly until: number };

type Source = {
  readonly table: 'certificates' | 'status_events';
  /** The column with the number of the audit entry. */
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
    // Leaves out abandoned intents: they have a change of status, but are no certificates. The
    // condition is an expression that no index has, so that the planner walks along the changes.
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
 * Returns one page of changes, and the number of the audit entry after which the next page begins.
 * The statements need not see the same state of the database: no entry with a number up to `until`
 * is added later, because transactions are serial and take their numbers in the order of their
 * commits.
 */
export async function certificateChanges(
  session: Session,
  { after, until, limit, scope }: CertificateChangeFilter,
): Promise<CertificateChanges> {
  assert(Number.isInteger(limit) && limit >= 1 && limit <= LIMITS.searchPageSizeMax, 'a page has a size');
  const range = { after, until: await lastExaminedEntry(session, { after, until }) };
  const found = await changesIn(session, range, { scope, limit: limit + 1 });
  const beyond = found[limit];
  if (beyond === undefined) return { changes: found, next: range.until };
  // All changes of one audit entry are on one page, because `next` is the number of an entry. They
  // are few: the certificates that one statement of a card confirms.
  const { seq: last } = found[limit - 1] ?? beyond;
  if (beyond.seq > last) return { changes: found.slice(0, limit), next: last };
  const before = found.filter(({ seq }) => seq < last);
  return {
    changes: [...before, ...(await changesIn(session, { after: last - 1, until: last }, { scope }))],
    next: last,
  };
}

/** Returns the number of the last audit entry that may be examined for a page. */
async function lastExaminedEntry(session: Session, { after, until }: Range): Promise<number> {
  let last = until;
  for (const { table, seq } of SOURCES) {
    const walked = session.db(table).where(seq, '>', after).where(seq, '<=', until).orderBy(seq);
    const [row] = await session.rows(
      walked
        .select(seq)
        .offset(EXAMINED_MAX - 1)
        .limit(1),
    );
    if (row !== undefined) last = Math.min(last, integer(row, seq));
  }
  return last;
}

/** Returns the first changes of the range, in the order of their audit entries. */
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
