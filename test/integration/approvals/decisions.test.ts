/**
 * Approvals, from the request of one officer to the decision of another. Without these guards one
 * person could do what needs two, twice, too late, or about something else than was approved.
 */
import assert from 'node:assert/strict';
import { APPROVAL_VALIDITY_MS } from '../../../src/approvals/statement.js';
import { formatInstant } from '../../../src/kernel/clock.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { canonicalJson, type Json } from '../../../src/kernel/json.js';
import { LIMITS } from '../../../src/kernel/limits.js';
import { changeAccount } from '../../../src/operations/accounts/change-account.js';
import { expireApprovals } from '../../../src/operations/approvals/expire.js';
import { requestApproval } from '../../../src/operations/approvals/request.js';
import { unblockKey } from '../../../src/operations/keys/unblock-key.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { StoredState } from '../../../src/ports/store/statuses.js';
import type { Store } from '../../../src/ports/store.js';
import {
  AUDITOR,
  CARDS,
  FIRST,
  KEY,
  LIMITED,
  type Office,
  type OfficeAnswer,
  openOffice,
  SECOND,
  THIRD,
} from '../../support/approvals/office.js';
import { approvalRecord } from '../../support/approvals/records.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { certify, intent, NOW } from '../../support/db/records.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { setState } from '../../support/db/unaudited.js';

describeOnEach('an action of two officers', ({ fresh, opened }) => {
  let database: Awaited<ReturnType<typeof fresh>>;
  let store: Store;
  let office: Office;

  beforeEach(async () => {
    database = await fresh();
    store = await opened({ database });
    office = await openOffice(store);
  });
  afterEach(() => office.close());

  const requested = async (): Promise<string> => (await office.request()).body.approval.id;
  const isBlocked = async (): Promise<boolean> =>
    unwrap(await store.read((reads) => reads.blockedKeys([KEY]))).length === 1;
  const stateOf = async (id: string) => (await office.send(SECOND, `GET /v1/approvals/${id}`)).body.state;
  const audited = async () => (await storedAudit(store)).map(({ type, actor }) => `${type} by ${actor}`);
  const change = async ({ id }: Account, what: Parameters<typeof changeAccount>[1]['change']) =>
    unwrap(await changeAccount({ store, clock: () => NOW }, { id, change: what }, { login: 'root' }));
  const conflictOf = ({ status, body }: OfficeAnswer) => [status, body.code, body.rule];

  it('waits after the request, and is executed with the signature of the second', async () => {
    const { status, body } = await office.request();
    const { id, signatures, statement, statementSha256, ...asked } = body.approval;
    assert.deepEqual([status, asked.action, asked.state], [202, 'key.unblock', 'requested']);
    assert.deepEqual(
      signatures.map(({ account, form }) => `${account} by ${form}`),
      ['officer-1 by account'],
    );
    assert.equal(canonicalJson(JSON.parse(statement) as Json), statement);
    assert.equal(sha256Hex(Buffer.from(statement)), statementSha256);
    assert.deepEqual(asked.object, {
      blockedAt: formatInstant(NOW),
      blockedBy: 'account:officer-1',
      blockedFor: 'leaked',
    });
    assert.ok(await isBlocked());
    const approved = await office.approve(SECOND, id);
    assert.deepEqual([approved.status, approved.body.state], [200, 'executed']);
    assert.equal(approved.body.statement, statement);
    assert.deepEqual(
      approved.body.signatures.map(({ account }) => account),
      ['officer-1', 'officer-2'],
    );
    assert.ok(!(await isBlocked()));
    assert.deepEqual((await audited()).slice(-3), [
      'approval.requested by account:officer-1',
      'key.unblocked by account:officer-2',
      'approval.executed by account:officer-2',
    ]);
    const events = unwrap(await store.read((reads) => reads.eventsAfter({ after: 0, limit: 10 })));
    assert.deepEqual(
      events.map(({ topic, subject }) => [topic, subject]),
      [['approval.requested', id]],
    );
  });

  it('is executed with any reason that its request accepts: 400 characters outside of the basic plane', async () => {
    const reason = '\u{1f511}'.repeat(LIMITS.officerReasonCharactersMax);
    const asked = await office.request(FIRST, reason);
    assert.equal(asked.status, 202);
    const approved = await office.approve(SECOND, asked.body.approval.id);
    assert.deepEqual([approved.status, approved.body.state], [200, 'executed']);
    const [entry] = (await storedAudit(store)).filter(({ type }) => type === 'key.unblocked');
    assert.equal(entry?.details?.reason, reason);
    assert.equal((await office.request(FIRST, `${reason}a`)).status, 400);
  });

  it('is the first one for a repeated Idempotency-Key, also when that has ended', async () => {
    const request = (reason: string) => {
      const subject = { spkiSha256: KEY, reason };
      const claim = { account: FIRST.id, route: 'POST /v1/approvals', key: 'one' };
      const idempotency = { claim, bodySha256: sha256Hex(Buffer.from(reason)) };
      return requestApproval(office.world, unblockKey, { account: FIRST, subject, idempotency });
    };
    const { id } = unwrap(await request('another key'));
    assert.equal((await office.approve(SECOND, id)).status, 200);
    const again = unwrap(await request('another key'));
    assert.deepEqual([again.id, again.state], [id, 'executed']);
    const other = await request('for another reason');
    assert.equal(other.ok ? 'requested' : other.error.kind, 'idempotency-mismatch');
    const requests = (await audited()).filter((entry) => entry.startsWith('approval.requested'));
    assert.equal(requests.length, 1);
  });

  it('is not approved by the officer who has requested it', async () => {
    const id = await requested();
    assert.deepEqual(conflictOf(await office.approve(FIRST, id)), [409, 'state-conflict', 'approval-two-officers']);
    assert.deepEqual([await stateOf(id), await isBlocked()], ['requested', true]);
  });

  it('is neither requested nor approved without the role and the scope', async () => {
    for (const [account, status] of [
      [CARDS, 403],
      [AUDITOR, 403],
      [LIMITED, 403],
    ] as const)
      assert.equal((await office.request(account)).status, status, account.id);
    const id = await requested();
    assert.equal((await office.approve(CARDS, id)).status, 403);
    assert.equal((await office.approve(AUDITOR, id)).status, 403);
    assert.equal((await office.approve(LIMITED, id)).status, 404, 'it does not see what is about everything');
    assert.equal((await office.send(LIMITED, `GET /v1/approvals/${id}`)).status, 404);
    assert.equal((await office.send(CARDS, `GET /v1/approvals/${id}`)).status, 403);
    assert.equal((await office.send(AUDITOR, `GET /v1/approvals/${id}`)).status, 200);
    assert.deepEqual((await office.send(LIMITED, 'GET /v1/approvals')).body.approvals, []);
    assert.equal((await office.approve(SECOND, 'unknown')).status, 404);
    assert.deepEqual([await stateOf(id), await isBlocked()], ['requested', true]);
  });

  it('counts neither a disabled account nor one that has lost its role, at the second signature', async () => {
    const id = await requested();
    await change(SECOND, 'disable');
    const refused = await office.approve(SECOND, id);
    assert.deepEqual([refused.status, refused.body.code], [403, 'not-permitted']);
    await change(SECOND, 'enable');
    await change(FIRST, 'disable');
    assert.deepEqual(conflictOf(await office.approve(SECOND, id)), [409, 'state-conflict', 'approval-signer']);
    await change(FIRST, 'enable');
    await change(FIRST, { rights: { roles: ['auditor'] } });
    assert.deepEqual(conflictOf(await office.approve(SECOND, id)), [409, 'state-conflict', 'approval-signer']);
    assert.deepEqual([await stateOf(id), await isBlocked()], ['requested', true]);
    await change(FIRST, { rights: { roles: ['officer'] } });
    assert.equal((await office.approve(SECOND, id)).body.state, 'executed');
  });

  it('counts no signature of an officer whose certificates were revoked or suspended, or whose key was blocked', async () => {
    const [record, other] = unwrap(
      await store.transaction(async (tx) => [await certify(tx, intent(1)), await certify(tx, intent(2))]),
    );
    assert.ok(record !== undefined && other !== undefined);
    const authenticatesWith = (...records: readonly CertificateRecord[]) =>
      change(FIRST, { credentials: records.map(({ issuer, spkiSha256 }) => ({ issuer, spkiSha256 })) });
    const set = async ({ id }: CertificateRecord, state: StoredState) =>
      unwrap(await store.transaction((tx) => setState(tx, id, [state, { at: NOW, actor: 'account:officer-3' }])));
    await authenticatesWith(record);
    const id = await requested();
    await set(record, { status: 'suspended', at: NOW, invalidityDate: null });
    const refused = conflictOf(await office.approve(SECOND, id));
    assert.deepEqual(refused, [409, 'state-conflict', 'approval-signer']);
    await set(record, { status: 'revoked', at: NOW, reason: 'keyCompromise', invalidityDate: null });
    assert.deepEqual(conflictOf(await office.approve(SECOND, id)), refused);
    await authenticatesWith(record, other);
    const blocked = { spkiSha256: other.spkiSha256, at: NOW, actor: THIRD.id, reason: 'leaked' };
    unwrap(await store.transaction((tx) => tx.insertBlockedKey(blocked)));
    assert.deepEqual(conflictOf(await office.approve(SECOND, id)), refused);
    assert.deepEqual([await stateOf(id), await isBlocked()], ['requested', true]);
    unwrap(await store.transaction((tx) => tx.deleteBlockedKey(other.spkiSha256)));
    assert.equal((await office.approve(SECOND, id)).body.state, 'executed');
  });

  it('is stale when its object has changed since the request, or is gone', async () => {
    const id = await requested();
    const again = { spkiSha256: KEY, at: NOW, actor: THIRD.id, reason: 'leaked again' };
    unwrap(
      await store.transaction(async (tx) => {
        await tx.deleteBlockedKey(KEY);
        await tx.insertBlockedKey(again);
      }),
    );
    assert.deepEqual(conflictOf(await office.approve(SECOND, id)), [409, 'state-conflict', 'approval-stale']);
    assert.deepEqual([await stateOf(id), await isBlocked()], ['stale', true]);
    assert.ok((await audited()).includes('approval.stale by account:officer-2'));
    const { reason, fr } = (await office.send(FIRST, `GET /v1/approvals/${id}`)).body;
    assert.equal(reason, 'its object has changed since the request');
    assert.equal(fr?.reason, 'son objet a changé depuis la demande');
    const next = await requested();
    unwrap(await store.transaction((tx) => tx.deleteBlockedKey(KEY)));
    const gone = await office.approve(SECOND, next);
    assert.deepEqual(conflictOf(gone), [409, 'state-conflict', 'approval-stale']);
    assert.match(gone.body.detail, /no officer has blocked the key/);
    assert.equal((await office.request()).status, 404, 'nothing is left to request');
  });

  it('expires after 72 hours, whether or not the job has seen it', async () => {
    const id = await requested();
    office.now += APPROVAL_VALIDITY_MS - 1;
    assert.equal(unwrap(await expireApprovals(office.world)), false);
    assert.equal(await stateOf(id), 'requested');
    office.now += 1;
    assert.deepEqual(conflictOf(await office.approve(SECOND, id)), [409, 'state-conflict', 'approval-expired']);
    assert.equal(await stateOf(id), 'expired');
    const next = await requested();
    office.now += APPROVAL_VALIDITY_MS;
    assert.equal(unwrap(await expireApprovals(office.world)), false);
    assert.equal(await stateOf(next), 'expired');
    const third = await requested();
    office.now += APPROVAL_VALIDITY_MS;
    assert.notEqual(await requested(), third, 'a request that has expired does not stand in the way');
    assert.equal(await stateOf(third), 'expired');
    assert.equal((await audited()).filter((one) => one === 'approval.expired by system').length, 3);
    assert.ok(await isBlocked());
  });

  it('is used once: what has ended is not approved or refused again', async () => {
    const id = await requested();
    assert.equal((await office.approve(SECOND, id)).status, 200);
    const refusal = { decision: 'refuse', reason: 'too late' };
    for (const answer of [
      await office.approve(SECOND, id),
      await office.approve(THIRD, id),
      await office.send(THIRD, `POST /v1/approvals/${id}`, refusal),
    ])
      assert.deepEqual(conflictOf(answer), [409, 'state-conflict', 'approval-ended']);
    assert.equal((await audited()).filter((one) => one.startsWith('key.unblocked')).length, 1);
  });

  it('is refused by any officer of the action, the requester included, with a reason', async () => {
    const path = `/v1/approvals/${await requested()}`;
    const pointers = async (body: object) =>
      (await office.send(SECOND, `POST ${path}`, body)).body.violations?.map(
        ({ pointer, rule }) => `${pointer} ${rule}`,
      );
    assert.deepEqual(await pointers({ decision: 'refuse' }), ['/reason member-required']);
    assert.deepEqual(await pointers({ decision: 'refuse', reason: 'two\nlines' }), ['/reason pattern']);
    assert.deepEqual(await pointers({ decision: 'approve', reason: 'because' }), ['/reason member-known']);
    assert.deepEqual(await pointers({ decision: 'wait' }), ['/decision discriminator']);
    for (const account of [FIRST, SECOND]) {
      const id = await requested();
      const refused = await office.send(account, `POST /v1/approvals/${id}`, { decision: 'refuse', reason: 'no' });
      assert.deepEqual([refused.status, refused.body.state, refused.body.reason], [200, 'refused', 'no']);
      assert.equal(refused.body.signatures.length, 1);
      assert.deepEqual(conflictOf(await office.approve(SECOND, id)), [409, 'state-conflict', 'approval-ended']);
    }
    assert.ok(await isBlocked());
  });

  it('is one open request for each object: the same again answers it, and another has to wait', async () => {
    const id = await requested();
    assert.equal(await requested(), id);
    assert.deepEqual(conflictOf(await office.request(FIRST, 'other words')), [409, 'state-conflict', 'approval-open']);
    const other = await office.request(SECOND);
    assert.deepEqual(conflictOf(other), [409, 'state-conflict', 'approval-open']);
    assert.ok(other.body.detail.includes(id), other.body.detail);
    const noReason = await office.send(FIRST, `DELETE /v1/blocked-keys/${KEY}`);
    assert.deepEqual([noReason.status, noReason.body.violations?.[0]?.pointer], [400, '?/reason']);
  });

  it('is listed by state, newest first, in pages', async () => {
    const ids: string[] = [];
    for (const _ of [1, 2, 3]) {
      office.now += 1;
      const id = await requested();
      ids.unshift(id);
      if (ids.length < 3) await office.send(SECOND, `POST /v1/approvals/${id}`, { decision: 'refuse', reason: 'no' });
    }
    const list = async (query: string) => (await office.send(AUDITOR, `GET /v1/approvals${query}`)).body;
    const idsOf = async (query: string) => (await list(query)).approvals.map(({ id }) => id);
    assert.deepEqual(await idsOf(''), ids);
    assert.deepEqual(await idsOf('?state=refused'), ids.slice(1));
    const page = await list('?limit=2');
    assert.deepEqual([page.approvals.map(({ id }) => id), page.nextCursor], [ids.slice(0, 2), ids[1]]);
    assert.deepEqual(await idsOf(`?limit=2&cursor=${ids[1]}`), ids.slice(2));
    assert.equal((await office.send(AUDITOR, 'GET /v1/approvals?cursor=x')).status, 400);
    assert.equal((await office.send(AUDITOR, 'GET /v1/approvals?state=done')).status, 400);
  });

  it('lifts the bar of a holder, by officers whose scope covers the holder', async () => {
    const holders = ['810002813839', '30B0057881/CPET0002'];
    const setState = async (holder: string, state: 'barred' | 'free') =>
      unwrap(await store.transaction((tx) => tx.setHolderState(holder, { state, at: NOW, actor: 'system' })));
    for (const holder of holders) await setState(holder, 'barred');
    const request = (as: Account, holder: string) =>
      office.send(as, `DELETE /v1/holders/${encodeURIComponent(holder)}/bar?reason=error`);
    const [professional = '', staff = ''] = holders;
    assert.equal((await request(LIMITED, staff)).status, 403);
    const [own, other] = [await request(LIMITED, professional), await request(FIRST, staff)];
    assert.deepEqual([own.status, other.status], [202, 202]);
    const listed = (await office.send(LIMITED, 'GET /v1/approvals')).body.approvals;
    assert.deepEqual(
      listed.map(({ subject }) => subject.holder),
      [professional],
    );
    assert.equal((await office.approve(LIMITED, other.body.approval.id)).status, 404);
    assert.equal((await office.approve(SECOND, own.body.approval.id)).body.state, 'executed');
    // Somebody else has lifted the bar and barred the holder again.
    await setState(staff, 'free');
    await setState(staff, 'barred');
    assert.equal((await office.approve(SECOND, other.body.approval.id)).body.rule, 'approval-stale');
    const states = unwrap(await store.read((reads) => reads.holdersById(holders)));
    assert.deepEqual(states.map(({ holderId, state }) => `${holderId} ${state}`).sort(), [
      `${staff} barred`,
      `${professional} free`,
    ]);
    assert.deepEqual(conflictOf(await request(FIRST, professional)), [409, 'state-conflict', 'holder-not-barred']);
    assert.ok((await audited()).includes('holder.unbarred by account:officer-2'));
  });

  it('happens once when two officers approve on two nodes at once', async () => {
    const otherNode = await openOffice(await opened({ database }));
    try {
      for (const _ of [1, 2, 3]) {
        const id = await requested();
        const answers = await Promise.all([office.approve(SECOND, id), otherNode.approve(THIRD, id)]);
        assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
        assert.equal((await office.send(FIRST, `GET /v1/approvals/${id}`)).body.signatures.length, 2);
        const blocked = { spkiSha256: KEY, at: NOW, actor: FIRST.id, reason: 'leaked' };
        unwrap(await store.transaction((tx) => tx.insertBlockedKey(blocked)));
      }
      assert.equal((await audited()).filter((one) => one.startsWith('key.unblocked')).length, 3);
    } finally {
      await otherNode.close();
    }
  });

  it('is not requested while too many of an officer wait', async () => {
    unwrap(
      await store.transaction(async (tx) => {
        for (let number = 1; number <= LIMITS.openApprovalsPerRequesterMax; number += 1)
          await tx.insertApproval(approvalRecord(number, { requestedBy: FIRST.id }));
      }),
    );
    const full = await office.request();
    assert.deepEqual([full.status, full.body.code], [429, 'quota-exceeded']);
    assert.equal((await office.request(SECOND)).status, 202);
  });
});
