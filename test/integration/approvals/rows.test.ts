/**
 * The tables of approvals. Their guards refuse what our own statements never do, to everybody who
 * has the database: without them, what two officers have agreed to could be rewritten.
 */
import assert from 'node:assert/strict';
import type { Approval, ApprovalEnd } from '../../../src/ports/store/officers/approvals.js';
import type { Store } from '../../../src/ports/store.js';
import { approvalRecord } from '../../support/approvals/records.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { rawDatabase } from '../../support/db/raw.js';
import { NOW } from '../../support/db/records.js';

const EXECUTED: ApprovalEnd = { state: 'executed', endedAt: NOW + 1, reason: null, result: { count: 2 } };

describeOnEach('approvals', ({ fresh, opened }) => {
  let store: Store;
  let database: Awaited<ReturnType<typeof fresh>>;

  beforeEach(async () => {
    database = await fresh();
    store = await opened({ database });
  });

  const insert = async (...approvals: readonly Approval[]): Promise<void> =>
    unwrap(
      await store.transaction(async (tx) => {
        for (const approval of approvals) await tx.insertApproval(approval);
      }),
    );
  const end = (id: string, how: ApprovalEnd) => store.transaction((tx) => tx.endApproval(id, how));

  it('are stored with their signatures, the requester first, and end once', async () => {
    const approval = approvalRecord(1, { requestedBy: 'z' });
    const second = { account: 'a', form: 'account', at: NOW } as const;
    await insert(approval);
    unwrap(await store.transaction((tx) => tx.signApproval(approval.id, second)));
    await assert.rejects(store.transaction((tx) => tx.signApproval(approval.id, second)));
    unwrap(await end(approval.id, EXECUTED));
    await assert.rejects(end(approval.id, EXECUTED), /an approval that is open/);
    const stored = unwrap(await store.read((reads) => reads.approval(approval.id)));
    assert.deepEqual(stored, { ...approval, ...EXECUTED, signatures: [...approval.signatures, second] });
  });

  it('that are stale say why in both languages', async () => {
    const approval = approvalRecord(1);
    await insert(approval);
    const stale = {
      state: 'stale',
      endedAt: NOW + 1,
      reason: { fr: 'a changé', en: 'has changed' },
      result: null,
    } as const;
    unwrap(await end(approval.id, stale));
    const stored = unwrap(await store.read((reads) => reads.approval(approval.id)));
    assert.deepEqual(stored, { ...approval, ...stale });
  });

  it('are open once for an action and an object, and counted by action and requester', async () => {
    const [one, two] = [approvalRecord(1), approvalRecord(2, { requestedBy: 'officer-2' })];
    await insert(one, two, approvalRecord(3));
    const { subjectKey } = one;
    await assert.rejects(insert(approvalRecord(4, { subjectKey })));
    await insert(approvalRecord(5, { subjectKey, action: 'other' }));
    const open = unwrap(await store.read((reads) => reads.openApproval(one)));
    assert.deepEqual(open, one);
    unwrap(await end(one.id, { state: 'expired', endedAt: NOW, reason: null, result: null }));
    await insert(approvalRecord(6, { subjectKey }));
    const counts = unwrap(await store.read((reads) => reads.countOpenApprovals()));
    assert.deepEqual(counts.map(({ action, requestedBy, count }) => `${action} ${requestedBy} ${count}`).sort(), [
      'key.unblock officer-1 2',
      'key.unblock officer-2 1',
      'other officer-1 1',
    ]);
    const late = unwrap(await store.read((reads) => reads.approvalsPastEnd(two.expiresAt, 10)));
    assert.equal(late.length, 4);
    assert.deepEqual(unwrap(await store.read((reads) => reads.approvalsPastEnd(two.expiresAt - 1, 10))), []);
  });

  it('and their signatures cannot be changed past the program', async () => {
    const [open, ended] = [approvalRecord(1), approvalRecord(2)];
    await insert(open, ended);
    unwrap(await end(ended.id, { state: 'refused', endedAt: NOW, reason: 'no', result: null }));
    const raw = await rawDatabase(database);
    const [ofOpen, ofEnded] = [`where id = '${open.id}'`, `where id = '${ended.id}'`];
    const refused = [
      'delete from approvals',
      `update approvals set statement = '{}' ${ofOpen}`,
      `update approvals set action = 'other' ${ofOpen}`,
      `update approvals set subject_key = 'other' ${ofOpen}`,
      `update approvals set version = null ${ofOpen}`,
      `update approvals set requested_by = 'other' ${ofOpen}`,
      `update approvals set requested_at = requested_at + 1 ${ofOpen}`,
      `update approvals set expires_at = expires_at + 1 ${ofOpen}`,
      `update approvals set state = 'requested', ended_at = null, reason = null ${ofEnded}`,
      `update approvals set state = 'executed', reason = null ${ofEnded}`,
      `update approvals set reason = 'yes' ${ofEnded}`,
      `update approvals set ended_at = ended_at + 1 ${ofEnded}`,
      'delete from approval_signatures',
      `update approval_signatures set account = 'other'`,
      'update approval_signatures set at = 0',
    ];
    for (const sql of refused) await assert.rejects(raw.all(sql), /guard/, sql);
    // What no state allows.
    const impossible = [
      `update approvals set state = 'refused', ended_at = 1 ${ofOpen}`,
      `update approvals set state = 'executed' ${ofOpen}`,
      `update approvals set state = 'expired', ended_at = 1, result = '{}' ${ofOpen}`,
      `update approvals set state = 'done', ended_at = 1 ${ofOpen}`,
    ];
    for (const sql of impossible) await assert.rejects(raw.all(sql), /approvals_state/, sql);
    await raw.close();
  });
});
