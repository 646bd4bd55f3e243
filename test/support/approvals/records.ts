/** Approvals to put into a database. */
import { APPROVAL_VALIDITY_MS, writeStatement } from '../../../src/approvals/statement.js';
import type { Approval } from '../../../src/ports/store/officers/approvals.js';
import { idOf, NOW } from '../db/records.js';

/** An open approval, to unblock a key of its own. */
export function approvalRecord(number: number, from: Partial<Approval> = {}): Approval {
  const subject = { spkiSha256: number.toString(16).padStart(64, '0'), reason: 'a test' };
  const facts = {
    id: idOf(number),
    action: 'key.unblock',
    version: 'c'.repeat(64),
    requestedBy: 'officer-1',
    requestedAt: NOW,
    expiresAt: NOW + APPROVAL_VALIDITY_MS,
    ...from,
  };
  const { requestedBy: account, requestedAt: at } = facts;
  return {
    subjectKey: subject.spkiSha256,
    state: 'requested',
    endedAt: null,
    reason: null,
    result: null,
    statement: writeStatement({ ...facts, environment: 'development', subject, object: {} }),
    signatures: [{ account, form: 'account', at }],
    ...facts,
  };
}
