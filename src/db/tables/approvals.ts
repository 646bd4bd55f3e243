/** Reads and writes approvals, each with its signatures. */
import { assert } from '../../kernel/assert.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import { canonicalJson } from '../../kernel/json.js';
import {
  APPROVAL_STATES,
  type Approval,
  type ApprovalReads,
  type ApprovalSignature,
  type ApprovalWrites,
  SIGNATURE_FORMS,
} from '../../ports/store/officers/approvals.js';
import { insert, placeholders, statementBatches } from '../engine/many-rows.js';
import type { Session } from '../engine/session.js';
import { AFTER_ALL_IDS, integer, integerOrNull, json, oneOf, type Row, text, textOrNull } from './columns.js';

export function approvalReads(session: Session): ApprovalReads {
  const readOne = async (sql: string, bindings: readonly string[]): Promise<Approval | null> =>
    (await withSignatures(session, await session.sql(sql, bindings)))[0] ?? null;
  return {
    approval: (id) => readOne('select * from approvals where id = ?', [id]),
    openApproval: ({ action, subjectKey }) =>
      readOne(`select * from approvals where action = ? and subject_key = ? and state = 'requested'`, [
        action,
        subjectKey,
      ]),
    approvalsPage: async ({ state, limit, before }) => {
      const states = state === undefined ? APPROVAL_STATES : [state];
      const sql = `select * from approvals where id < ? and state in ${placeholders(states.length)}
        order by id desc limit ?`;
      return withSignatures(session, await session.sql(sql, [before ?? AFTER_ALL_IDS, ...states, limit]));
    },
    countOpenApprovals: async () => {
      const sql = `select action, requested_by, count(*) as count from approvals where state = 'requested'
        group by action, requested_by`;
      return (await session.sql(sql)).map((row) => ({
        action: text(row, 'action'),
        requestedBy: text(row, 'requested_by'),
        count: integer(row, 'count'),
      }));
    },
    approvalsPastEnd: async (now, limit) => {
      const sql = `select * from approvals where state = 'requested' and expires_at <= ? order by expires_at limit ?`;
      return withSignatures(session, await session.sql(sql, [now, limit]));
    },
  };
}

export function approvalWrites(session: Session): ApprovalWrites {
  const sign = (id: string, { account, form, at }: ApprovalSignature): Promise<void> =>
    insert(session, 'approval_signatures', [{ approval_id: id, account, form, at }]);
  return {
    insertApproval: async (approval) => {
      await insert(session, 'approvals', [
        {
          id: approval.id,
          action: approval.action,
          subject_key: approval.subjectKey,
          version: approval.version,
          requested_by: approval.requestedBy,
          requested_at: approval.requestedAt,
          expires_at: approval.expiresAt,
          state: approval.state,
          statement: approval.statement,
        },
      ]);
      for (const signature of approval.signatures) await sign(approval.id, signature);
    },
    signApproval: sign,
    endApproval: async (id, { state, endedAt, reason, result }) => {
      const written = reason === null || typeof reason === 'string' ? reason : canonicalJson(reason);
      const columns = {
        state,
        ended_at: endedAt,
        reason: written,
        result: result === null ? null : canonicalJson(result),
      };
      const changed = await session.changes(session.db('approvals').where({ id, state: 'requested' }).update(columns));
      assert(changed === 1, 'an approval that is open');
    },
  };
}

/** Reads the signatures of approvals, and returns the approvals in the order of the rows. */
async function withSignatures(session: Session, rows: readonly Row[]): Promise<readonly Approval[]> {
  const signatures: Row[] = [];
  for (const batch of statementBatches(rows.map((row) => text(row, 'id')))) {
    const sql = `select * from approval_signatures where approval_id in ${placeholders(batch.length)} order by at, account`;
    signatures.push(...(await session.sql(sql, batch)));
  }
  return rows.map((row) => approvalOf(row, signatures));
}

function approvalOf(row: Row, signatures: readonly Row[]): Approval {
  const [id, requestedBy] = [text(row, 'id'), text(row, 'requested_by')];
  const state = oneOf(row, 'state', APPROVAL_STATES);
  const ownSignatures = signatures.filter((one) => text(one, 'approval_id') === id).map(signatureOf);
  const requesterSignatures = ownSignatures.filter(({ account }) => account === requestedBy);
  return {
    id,
    action: text(row, 'action'),
    subjectKey: text(row, 'subject_key'),
    version: textOrNull(row, 'version'),
    requestedBy,
    requestedAt: integer(row, 'requested_at'),
    expiresAt: integer(row, 'expires_at'),
    state,
    endedAt: integerOrNull(row, 'ended_at'),
    reason: state === 'stale' ? (json(row, 'reason') as Bilingual) : textOrNull(row, 'reason'),
    result: row.result === null ? null : json(row, 'result'),
    statement: text(row, 'statement'),
    signatures: [...requesterSignatures, ...ownSignatures.filter((one) => !requesterSignatures.includes(one))],
  };
}

function signatureOf(row: Row): ApprovalSignature {
  return { account: text(row, 'account'), form: oneOf(row, 'form', SIGNATURE_FORMS), at: integer(row, 'at') };
}
